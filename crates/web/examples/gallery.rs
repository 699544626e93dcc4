//! Writes every sample of every page to a directory, to be looked at in a browser without a hub.
//!
//! `cargo run -p web --example gallery -- OUT_DIR` writes `PAGE.SAMPLE.html` for the system's theme, `.dark.html` and
//! `.light.html` for the two others, and the assets beside them.

use std::path::Path;
use std::{env, fs, io};

use web::{assets, pages};

fn main() -> io::Result<()> {
    let Some(directory) = env::args().nth(1) else {
        return Err(io::Error::other("name the directory to write to, as in `gallery target/gallery`"));
    };
    let directory = Path::new(&directory);
    fs::create_dir_all(directory.join("assets"))?;
    for asset in assets::all() {
        fs::write(directory.join("assets").join(&asset.name), asset.body)?;
    }
    for rendered in pages::gallery().map_err(io::Error::other)? {
        // Addresses become relative, so that the files work from disk.
        let html = rendered.html.replace("\"/assets/", "\"assets/");
        let name = format!("{}.{}", rendered.page, rendered.sample);
        for theme in ["system", "light", "dark"] {
            let themed = html.replacen("data-theme=\"system\"", &format!("data-theme=\"{theme}\""), 1);
            let suffix = if theme == "system" { String::new() } else { format!(".{theme}") };
            fs::write(directory.join(format!("{name}{suffix}.html")), themed)?;
        }
    }
    Ok(())
}
