//! Uploaded forms (`multipart/form-data`), read from a body that is already in memory.

use bytes::Bytes;

/// One part of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name of the field, `file`.
    pub name: String,
    /// File name, where one was sent.
    pub filename: Option<String>,
    /// Content type, where one was sent.
    pub content_type: Option<String>,
    /// Content.
    pub bytes: Bytes,
}

/// Reads all parts. `None` if the content type names no boundary or the body does not follow it.
pub fn parts(content_type: &str, body: &Bytes) -> Option<Vec<Part>> {
    let boundary = content_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let mark = format!("--{}", boundary.trim_matches('"'));
    let mut found = Vec::new();
    let mut at = position(body, mark.as_bytes(), 0)? + mark.len();
    while !body[at..].starts_with(b"--") {
        let head_end = position(body, b"\r\n\r\n", at)?;
        let end = position(body, format!("\r\n{mark}").as_bytes(), head_end + 2)?;
        found.push(part(std::str::from_utf8(&body[at..head_end]).ok()?, body.slice((head_end + 4).min(end)..end))?);
        at = end + 2 + mark.len();
    }
    Some(found)
}

fn part(head: &str, bytes: Bytes) -> Option<Part> {
    let line = |name: &str| {
        let fits = |line: &&str| line.to_ascii_lowercase().starts_with(name);
        head.lines().find(fits).map(|line| line[name.len()..].trim().to_owned())
    };
    let disposition = line("content-disposition:")?;
    let value = |key: &str| {
        let start = disposition.find(&format!(" {key}=\""))? + key.len() + 3;
        disposition[start..].split('"').next().map(str::to_owned)
    };
    Some(Part { name: value("name")?, filename: value("filename"), content_type: line("content-type:"), bytes })
}

fn position(body: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    body.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fields_and_files() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nab\r\ncd\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=x", &Bytes::from(body)).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].bytes, "hello");
        assert_eq!(parts[1].filename.as_deref(), Some("a.txt"));
        assert_eq!(parts[1].bytes, "ab\r\ncd");
        assert_eq!(parts[1].content_type.as_deref(), Some("text/plain"));
    }

    #[test]
    fn a_cut_form_is_refused() {
        let body = Bytes::from("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nab");
        assert!(parts("multipart/form-data; boundary=x", &body).is_none());
    }
}
