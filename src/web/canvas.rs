//! How do figures reach a canvas? plotters-canvas with what it lacks for the page: device pixels, cheap dots, text
//! without a detour through the document.

use plotters::backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontTransform,
};
use plotters_canvas::CanvasBackend;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

type Done = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

/// A canvas whose area is `UNITS` units per css pixel, drawn at the device's resolution. Paths, rectangles and polygons
/// are left to plotters-canvas, which draws in these units through the context's transform.
///
/// Every circle is a path of a lone arc, which Chromium paints as an oval: 1,200 discs in 3 ms on a processor, where one
/// path of all, or a `moveTo` before each arc, takes 4 to 10 ms (rings 8 against 13).
pub struct Canvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    /// Extent in units.
    size: (u32, u32),
    units: f64,
    /// Device pixels per css pixel.
    ratio: f64,
    circles: Option<Circles>,
}

/// The colour and width that the context has from the last circle.
#[derive(PartialEq)]
struct Circles {
    colour: (u8, u8, u8, f64),
    width: u32,
    fill: bool,
}

impl Canvas {
    /// A cleared canvas of that size in css pixels; `None` if the context belongs to no element of a document. The
    /// canvas' own width and height are set to device pixels where they differ.
    pub fn new(
        context: CanvasRenderingContext2d,
        (width, height): (u32, u32),
        ratio: f64,
        units: u32,
    ) -> Option<Canvas> {
        let element: HtmlCanvasElement = context.canvas()?;
        let device = |length: u32| (f64::from(length) * ratio).round() as u32;
        if (element.width(), element.height()) != (device(width), device(height)) {
            element.set_width(device(width));
            element.set_height(device(height));
        }
        context.save();
        let canvas = Canvas {
            inner: CanvasBackend::with_canvas_object(element)?,
            context,
            size: (width * units, height * units),
            units: f64::from(units),
            ratio,
            circles: None,
        };
        canvas.scale(canvas.units);
        canvas.context.set_line_join("round");
        let (width, height) = canvas.size;
        canvas
            .context
            .clear_rect(0.0, 0.0, width.into(), height.into());
        Some(canvas)
    }

    /// Lengths are so many to a css pixel from here on.
    fn scale(&self, units: f64) {
        let scale = self.ratio / units;
        // Fails for no finite numbers.
        let _ = self.context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0);
    }

    /// The nearest coordinate at which a line of that width covers whole device pixels.
    fn snapped(&self, at: i32, width: u32) -> f64 {
        let scale = self.ratio / self.units;
        let odd = (f64::from(width) * scale).round().max(1.0) % 2.0 == 1.0;
        let device = f64::from(at) * scale;
        let on_pixels = if odd {
            device.floor() + 0.5
        } else {
            device.round()
        };
        on_pixels / scale
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        self.context.restore();
    }
}

impl DrawingBackend for Canvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Done {
        self.circles = None;
        self.inner.draw_pixel(point, colour)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.circles = None;
        self.inner.draw_rect(upper_left, bottom_right, style, fill)
    }

    /// Straight lines along an axis, which grids and frames are made of, are moved onto device pixels.
    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.circles = None;
        let path: Vec<BackendCoord> = path.into_iter().collect();
        let (mut from, mut to) = match path[..] {
            [from, to] if from.0 == to.0 || from.1 == to.1 => (
                (f64::from(from.0), f64::from(from.1)),
                (f64::from(to.0), f64::from(to.1)),
            ),
            _ => return self.inner.draw_path(path, style),
        };
        let width = style.stroke_width();
        if path[0].0 == path[1].0 {
            from.0 = self.snapped(path[0].0, width);
            to.0 = from.0;
        } else {
            from.1 = self.snapped(path[0].1, width);
            to.1 = from.1;
        }
        let BackendColor {
            rgb: (r, g, b),
            alpha,
        } = style.color();
        let whole = (f64::from(width) * self.ratio / self.units)
            .round()
            .max(1.0);
        self.context
            .set_stroke_style_str(&format!("rgba({r},{g},{b},{alpha})"));
        self.context.set_line_width(whole * self.units / self.ratio);
        self.context.begin_path();
        self.context.move_to(from.0, from.1);
        self.context.line_to(to.0, to.1);
        self.context.stroke();
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.circles = None;
        self.inner.fill_polygon(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done {
        let BackendColor {
            rgb: (r, g, b),
            alpha,
        } = style.color();
        let circles = Circles {
            colour: (r, g, b, alpha),
            width: style.stroke_width(),
            fill,
        };
        if self.circles.as_ref() != Some(&circles) {
            let colour = format!("rgba({r},{g},{b},{alpha})");
            if fill {
                self.context.set_fill_style_str(&colour);
            } else {
                self.context.set_stroke_style_str(&colour);
                self.context.set_line_width(circles.width.into());
            }
            self.circles = Some(circles);
        }
        self.context.begin_path();
        // Fails for no radius above zero.
        let _ = self.context.arc(
            x.into(),
            y.into(),
            radius.into(),
            0.0,
            std::f64::consts::TAU,
        );
        if fill {
            self.context.fill();
        } else {
            self.context.stroke();
        }
        Ok(())
    }

    /// Set at the size of css pixels rather than of units, so that the browser picks the glyphs of that size. The places
    /// are those of plotters' SVG.
    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Done {
        self.circles = None;
        let BackendColor {
            rgb: (r, g, b),
            alpha,
        } = style.color();
        let (x, y) = (f64::from(x) / self.units, f64::from(y) / self.units);
        let size = style.size() / 1.24 / self.units;
        let baseline = match style.anchor().v_pos {
            VPos::Top => 0.76,
            VPos::Center => 0.26,
            VPos::Bottom => -0.26,
        };
        let quarters = match style.transform() {
            FontTransform::None => 0.0,
            FontTransform::Rotate90 => 1.0,
            FontTransform::Rotate180 => 2.0,
            FontTransform::Rotate270 => 3.0,
        };
        self.scale(1.0);
        let context = &self.context;
        context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        context.set_fill_style_str(&format!("rgba({r},{g},{b},{alpha})"));
        context.set_font(&font(style, size));
        // None of these fails for finite numbers.
        let _ = context.translate(x, y);
        let _ = context.rotate(quarters * std::f64::consts::FRAC_PI_2);
        let _ = context.fill_text(text, 0.0, baseline * size);
        self.scale(self.units);
        Ok(())
    }

    /// The context measures; plotters' own estimate would add an element to the document.
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let size = style.size() / 1.24;
        self.context.set_font(&font(style, size));
        let measured = self.context.measure_text(text).map(|it| it.width());
        let width = measured.unwrap_or(0.6 * size * text.len() as f64);
        Ok((width.ceil() as u32, (1.2 * size).ceil() as u32))
    }
}

fn font<S: BackendTextStyle>(style: &S, size: f64) -> String {
    let (slant, family) = (style.style(), style.family());
    format!("{} {size}px {}", slant.as_str(), family.as_str())
}
