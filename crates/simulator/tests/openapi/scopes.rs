//! The scopes that open each route are those that the OpenAPI files name.

use std::path::PathBuf;

use simulator::{scopes, server};

use crate::spec::{Columns, Specs};

/// Routes whose scopes the files state otherwise, each with its reason.
const OTHERWISE: [(&str, &str); 1] = [(
    "POST /rest/api/3/permissions/check",
    "the classic scope is said to open it, too, and the file's classic column is empty",
)];

#[test]
fn every_route_is_opened_by_the_scopes_of_the_openapi_files() {
    let Some(folder) = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from) else {
        println!("SKIPPED: every_route_is_opened_by_the_scopes_of_the_openapi_files: FOSSICK_REAL_DATA is not set");
        return;
    };
    let specs = Specs::read(&folder.join("openapi"));
    let (mut compared, mut wrong) = (0, Vec::new());
    for route in server::all_routes() {
        let Some(documented) = specs.scopes(&route.method, route.template) else { continue };
        compared += 1;
        let column = |column: &Vec<&str>| column.iter().map(|scope| (*scope).to_owned()).collect();
        let ours: Columns = scopes::of(&route).iter().map(column).collect();
        let name = format!("{} {}", route.method, route.template);
        let otherwise = OTHERWISE.iter().any(|(known, _)| *known == name);
        if (ours == *documented) == otherwise {
            wrong.push(format!("{name}: {ours:?}, and documented are {documented:?}"));
        }
    }
    assert!(compared > 250 && wrong.is_empty(), "{compared} compared: {wrong:#?}");
}
