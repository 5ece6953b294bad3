//! How does a drawing stand inside a page? As an address that is the drawing, made smaller: what neighbours have in common is
//! said once, and what is usual not at all.

/// Attributes that say where a shape is. Opacity is not among what may be common: that of a group is another thing.
const OWN: [&str; 6] = ["cx", "cy", "r", "points", "opacity", "transform"];

/// The drawing as an address, for an attribute in double quotes.
pub fn data_address(svg: &str) -> String {
    let mut address = "data:image/svg+xml,".to_owned();
    for c in smaller(svg).chars() {
        match c {
            '"' => address.push('\''),
            '%' => address.push_str("%25"),
            '#' => address.push_str("%23"),
            '&' => address.push_str("%26"),
            c => address.push(c),
        }
    }
    address
}

/// The same drawing in fewer characters. It reads what plotters writes: an element a line, its text on lines between.
fn smaller(svg: &str) -> String {
    let mut out = String::new();
    let mut group: Option<Group> = None;
    for line in svg.lines() {
        let line = line
            .replace(" opacity=\"1\"", "")
            .replace(" stroke=\"none\" stroke-width=\"1\"", "");
        let piece = element(&line).and_then(|(name, attributes)| {
            dot(name, &attributes).or_else(|| shape(name, &attributes))
        });
        let (next, shape) = match piece {
            Some((group, shape)) => (Some(group), shape),
            None => (None, line),
        };
        if next != group {
            out += group.map_or("", |group| group.end);
            out += next.as_ref().map_or("", |group| &group.start);
            group = next;
        }
        out += &shape;
    }
    out
}

/// What stands around neighbours.
#[derive(PartialEq)]
struct Group {
    start: String,
    end: &'static str,
}

/// The name and the attributes of an element that is a line; none if the line is anything else.
fn element(line: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let inside = line.strip_prefix('<')?.strip_suffix("/>")?;
    let (name, attributes) = inside.trim_end().split_once(' ')?;
    let attributes = attributes.strip_suffix('"')?.split("\" ");
    let pairs = attributes.map(|attribute| attribute.split_once("=\""));
    Some((name, pairs.collect::<Option<_>>()?))
}

/// A disc as a point of a thick path with round ends, in which neighbours are much shorter; none of anything else.
fn dot(name: &str, attributes: &[(&str, &str)]) -> Option<(Group, String)> {
    let [("cx", x), ("cy", y), ("r", radius), ("fill", colour)] = attributes else {
        return None;
    };
    let width = 2.0 * radius.parse::<f64>().ok()?;
    let start = format!(
        "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linecap=\"round\" d=\""
    );
    let group = Group { start, end: "\"/>" };
    (name == "circle" && *colour != "none").then(|| (group, format!("M{x} {y}h0")))
}

/// A shape without its style, and the group of that style; none of anything else.
fn shape(name: &str, attributes: &[(&str, &str)]) -> Option<(Group, String)> {
    let written = |own: bool| -> String {
        let wanted = attributes
            .iter()
            .filter(|(key, _)| OWN.contains(key) == own);
        wanted
            .map(|(key, value)| format!(" {key}=\"{}\"", value.trim_end()))
            .collect()
    };
    let start = format!("<g{}>", written(false));
    let group = Group { start, end: "</g>" };
    matches!(name, "circle" | "polyline" | "polygon")
        .then(|| (group, format!("<{name}{}/>", written(true))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_said_once_and_the_shapes_stay() {
        let svg = r##"<svg width="9">
<circle cx="1" cy="2" r="3" opacity="1" fill="#ABCDEF" stroke="none" stroke-width="1"/>
<circle cx="7" cy="8" r="3" opacity="1" fill="#ABCDEF" stroke="none" stroke-width="1"/>
<circle cx="9" cy="9" r="4" opacity="1" fill="none" stroke="#ABCDEF" stroke-width="1"/>
<circle cx="4" cy="5" r="6" opacity="0.5" fill="#ABCDEF" stroke="none" stroke-width="1"/>
<text x="0" opacity="1">
5 % & 6
</text>
<polyline fill="none" opacity="1" stroke="#000000" points="1,2 3,4 "/>
</svg>"##;
        assert_eq!(
            smaller(svg),
            concat!(
                r##"<svg width="9"><path fill="none" stroke="#ABCDEF" stroke-width="6" stroke-linecap="round" d="M1 2h0M7 8h0"/>"##,
                r##"<g fill="none" stroke="#ABCDEF" stroke-width="1"><circle cx="9" cy="9" r="4"/></g>"##,
                r##"<g fill="#ABCDEF"><circle cx="4" cy="5" r="6" opacity="0.5"/></g><text x="0">5 % & 6</text>"##,
                r##"<g fill="none" stroke="#000000"><polyline points="1,2 3,4"/></g></svg>"##
            )
        );
        assert_eq!(
            data_address("<a b=\"#1\">5 % & 6</a>"),
            "data:image/svg+xml,<a b='%231'>5 %25 %26 6</a>"
        );
    }
}
