//! How do figures reach a canvas? plotters-canvas with what it lacks for the page: device pixels, scatters in one bitmap, text
//! without a detour through the document.

use std::cell::RefCell;
use std::f64::consts::TAU;

use plotters::backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontTransform,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, ImageData, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

type Done = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

/// A canvas whose area is `UNITS` units per css pixel, drawn at the device's resolution. Paths, rectangles and polygons
/// are left to plotters-canvas, which draws in these units through the context's transform.
///
/// Circles of one style in a row are gathered. Few are painted as a path each; a dense scatter is rasterised here and
/// pasted as one bitmap.
pub struct Canvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    /// Extent in units.
    size: (u32, u32),
    units: f64,
    /// Device pixels per css pixel.
    ratio: f64,
    circles: Option<Circles>,
    /// Extent in device pixels.
    device: (i32, i32),
}

/// Circles that wait to be painted, alike but for their centres.
struct Circles {
    centres: Vec<BackendCoord>,
    radius: u32,
    colour: BackendColor,
    /// Of the stroke; `None` if filled.
    width: Option<u32>,
}

impl Circles {
    fn alike(&self, other: &Circles) -> bool {
        (self.radius, self.width) == (other.radius, other.width)
            && (self.colour.rgb, self.colour.alpha) == (other.colour.rgb, other.colour.alpha)
    }
}

/// From this many circles on, a bitmap is cheaper: a frame with 1,000 rings takes a third of the time in Chromium without a
/// graphics processor (7 ms against 20, on a busy machine).
const DENSE: usize = 100;

/// Coverages of a rectangle of device pixels.
struct Bitmap {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
    /// Red, green, blue, alpha, row after row.
    bytes: Vec<u8>,
}

thread_local! {
    /// Where bitmaps wait to be composed with what is on the page's canvas; as large as the largest so far.
    static SCRATCH: RefCell<Option<OffscreenCanvas>> = const { RefCell::new(None) };
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
        let extent = (element.width() as i32, element.height() as i32);
        context.save();
        let canvas = Canvas {
            inner: CanvasBackend::with_canvas_object(element)?,
            context,
            size: (width * units, height * units),
            units: f64::from(units),
            ratio,
            circles: None,
            device: extent,
        };
        canvas.scale(canvas.units);
        canvas.context.set_line_join("round");
        let (width, height) = canvas.size;
        canvas
            .context
            .clear_rect(0.0, 0.0, width.into(), height.into());
        Some(canvas)
    }

    /// From here on, this many units make a css pixel.
    fn scale(&self, units: f64) {
        let scale = self.ratio / units;
        // Fails for no finite numbers.
        let _ = self.context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0);
    }

    /// Paints the circles that wait.
    fn flush(&mut self) {
        let Some(circles) = self.circles.take() else {
            return;
        };
        if circles.centres.len() < DENSE || self.paste(&self.rasterised(&circles)).is_err() {
            self.outline(&circles);
        }
    }

    /// A path for each circle.
    fn outline(&self, circles: &Circles) {
        let colour = css(circles.colour);
        match circles.width {
            None => self.context.set_fill_style_str(&colour),
            Some(width) => {
                self.context.set_stroke_style_str(&colour);
                self.context.set_line_width(width.into());
            }
        }
        for &(x, y) in &circles.centres {
            self.context.begin_path();
            // Fails for no radius above zero.
            let _ = self
                .context
                .arc(x.into(), y.into(), circles.radius.into(), 0.0, TAU);
            match circles.width {
                None => self.context.fill(),
                Some(_) => self.context.stroke(),
            }
        }
    }

    /// The circles as a bitmap of device pixels, their rims smoothed over the width of one.
    fn rasterised(&self, circles: &Circles) -> Bitmap {
        let scale = self.ratio / self.units;
        let radius = f64::from(circles.radius) * scale;
        let half = circles.width.map_or(0.0, |w| f64::from(w) * scale / 2.0);
        let (outer, inner) = (radius + half, radius - half);
        let reach = outer + 1.0;
        let centres = circles.centres.iter();
        let centres = centres.map(|&(x, y)| (f64::from(x) * scale, f64::from(y) * scale));
        let span = |at: fn((f64, f64)) -> f64, end: i32| {
            let ends = centres
                .clone()
                .map(at)
                .fold((f64::MAX, f64::MIN), |(low, high), v| {
                    (low.min(v), high.max(v))
                });
            let clamp = |v: f64| (v as i32).clamp(0, end);
            (
                clamp((ends.0 - reach).floor()),
                clamp((ends.1 + reach).ceil()),
            )
        };
        let (x0, x1) = span(|p| p.0, self.device.0);
        let (y0, y1) = span(|p| p.1, self.device.1);
        let (width, height) = (x1 - x0, y1 - y0);
        let mut bytes = vec![0; (width * height * 4) as usize];
        let (r, g, b) = circles.colour.rgb;
        for (cx, cy) in centres {
            let columns = ((cx - reach) as i32).max(x0)..((cx + reach) as i32 + 1).min(x1);
            for y in ((cy - reach) as i32).max(y0)..((cy + reach) as i32 + 1).min(y1) {
                for x in columns.clone() {
                    let (dx, dy) = (f64::from(x) + 0.5 - cx, f64::from(y) + 0.5 - cy);
                    let distance = (dx * dx + dy * dy).sqrt();
                    let mut cover = (outer + 0.5 - distance).clamp(0.0, 1.0);
                    if circles.width.is_some() {
                        cover *= (distance - inner + 0.5).clamp(0.0, 1.0);
                    }
                    let alpha = (cover * circles.colour.alpha * 255.0 + 0.5) as u8;
                    let at = (((y - y0) * width + x - x0) * 4) as usize;
                    if alpha > bytes[at + 3] {
                        bytes[at..at + 4].copy_from_slice(&[r, g, b, alpha]);
                    }
                }
            }
        }
        Bitmap {
            x: x0,
            y: y0,
            width,
            height,
            bytes,
        }
    }

    /// Composes a bitmap with what is drawn already. `putImageData` alone would replace it.
    fn paste(&self, bitmap: &Bitmap) -> Result<(), JsValue> {
        if bitmap.bytes.is_empty() {
            return Ok(());
        }
        let (width, height) = (bitmap.width as u32, bitmap.height as u32);
        let image =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&bitmap.bytes), width, height)?;
        SCRATCH.with_borrow_mut(|scratch| {
            let large = scratch
                .as_ref()
                .map_or((0, 0), |it| (it.width(), it.height()));
            if large.0 < width || large.1 < height {
                let size = (large.0.max(width), large.1.max(height));
                *scratch = Some(OffscreenCanvas::new(size.0, size.1)?);
            }
            let canvas = scratch.as_ref().ok_or(JsValue::NULL)?;
            let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
            let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
            context.put_image_data(&image, 0.0, 0.0)?;
            self.scale(self.ratio);
            let (x, y) = (f64::from(bitmap.x), f64::from(bitmap.y));
            let (width, height) = (f64::from(width), f64::from(height));
            let pasted = self
                .context
                .draw_image_with_offscreen_canvas_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    canvas, 0.0, 0.0, width, height, x, y, width, height,
                );
            self.scale(self.units);
            pasted
        })
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
        self.flush();
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
        self.flush();
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Done {
        self.flush();
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
        self.flush();
        self.inner.draw_rect(upper_left, bottom_right, style, fill)
    }

    /// Straight lines along an axis, which grids and frames are made of, are moved onto device pixels.
    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.flush();
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
        let whole = (f64::from(width) * self.ratio / self.units)
            .round()
            .max(1.0);
        self.context.set_stroke_style_str(&css(style.color()));
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
        self.flush();
        self.inner.fill_polygon(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done {
        let circle = Circles {
            centres: vec![centre],
            radius,
            colour: style.color(),
            width: (!fill).then(|| style.stroke_width()),
        };
        match &mut self.circles {
            Some(circles) if circles.alike(&circle) => circles.centres.push(centre),
            _ => {
                self.flush();
                self.circles = Some(circle);
            }
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
        self.flush();
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
        context.set_fill_style_str(&css(style.color()));
        context.set_font(&font(style, size));
        // None of these fails for finite numbers.
        let _ = context.translate(x, y);
        let _ = context.rotate(quarters * TAU / 4.0);
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

fn css(
    BackendColor {
        rgb: (r, g, b),
        alpha,
    }: BackendColor,
) -> String {
    format!("rgba({r},{g},{b},{alpha})")
}

fn font<S: BackendTextStyle>(style: &S, size: f64) -> String {
    let (slant, family) = (style.style(), style.family());
    format!("{} {size}px {}", slant.as_str(), family.as_str())
}
