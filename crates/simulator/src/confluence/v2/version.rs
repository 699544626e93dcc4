//! Versions of pages, blog posts and comments.

use axum::http::Method;
use serde_json::{Value, json};

use super::content::version_row;
use super::find;
use crate::call::Call;
use crate::confluence::body::{self, Format};
use crate::paging::{Cursor, V2Page};
use crate::reply::{Answer, Reply, confluence};
use crate::route::Route;
use crate::state::content::{Content, ContentKind, Version};
use crate::visibility::confluence::ConfluenceView;
use crate::wire_time::iso_utc;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::confluence(Method::GET, "/wiki/api/v2/pages/{id}/versions", list),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts/{id}/versions", list),
        Route::confluence(Method::GET, "/wiki/api/v2/pages/{pageId}/versions/{versionNumber}", one),
        Route::confluence(Method::GET, "/wiki/api/v2/blogposts/{pageId}/versions/{versionNumber}", one),
        Route::confluence(Method::GET, "/wiki/api/v2/footer-comments/{id}/versions", of_comment),
        Route::confluence(Method::GET, "/wiki/api/v2/inline-comments/{id}/versions", of_comment),
    ]
}

/// (version, title, body), latest first.
pub(crate) fn all_versions(content: &Content) -> Vec<(&Version, &str, &str)> {
    let latest = (&content.version, content.title.as_str(), &*content.body);
    let past = content.history.iter().rev().map(|past| (&past.version, past.title.as_str(), &*past.body));
    std::iter::once(latest).chain(past).collect()
}

fn list(call: &Call<'_>) -> Answer {
    let ascending = match call.query("sort") {
        None | Some("-modified-date") => false,
        Some("modified-date") => true,
        Some(_) => return Err(confluence::v2_bad_parameter("sort", "VersionSortOrder")),
    };
    let page = V2Page::of(call, 25, "number")?;
    let format = Format::of_list(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let kind = find::kind_of(call);
    let content = find::content(call, &world, &view, kind, "id")?;
    let mut versions = all_versions(content);
    if ascending {
        versions.reverse();
    }
    let after = page.after.as_ref().and_then(|cursor| cursor.content_order_value.as_u64());
    let behind = |number: u64| after.is_none_or(|after| if ascending { number > after } else { number < after });
    let rest = versions.into_iter().filter(|(version, ..)| behind(version.number));
    let key = if kind == ContentKind::Page { "page" } else { "blogpost" };
    let render = |(version, title, stored): &(&Version, &str, &str)| {
        let mut row = version_row(version);
        row[key] = json!({"id": content.id.to_string(), "title": title, "body": body::shown(stored, format)});
        row
    };
    Ok(page.reply(call, rest, |(version, ..)| Cursor::new(content.id, "number", version.number), render))
}

fn one(call: &Call<'_>) -> Answer {
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let content = find::content(call, &world, &view, find::kind_of(call), "pageId")?;
    let number = find::path_number(call, "versionNumber")?;
    let versions = all_versions(content);
    let Some((version, ..)) = versions.iter().find(|(version, ..)| version.number == number) else {
        return Err(confluence::v2_not_found("version", &number.to_string()));
    };
    let mut row: Value = json!({
        "number": version.number, "authorId": version.by, "message": version.message,
        "createdAt": iso_utc(version.at), "minorEdit": version.minor, "contentTypeModified": false,
        "collaborators": [version.by],
    });
    if number > 1 {
        row["prevVersion"] = json!(number - 1);
    }
    if number < content.version.number {
        row["nextVersion"] = json!(number + 1);
    }
    Ok(Reply::ok(&row).objects(1))
}

/// The latest version only: earlier bodies of comments are not kept.
fn of_comment(call: &Call<'_>) -> Answer {
    let page = V2Page::of(call, 25, "number")?;
    let format = Format::of_list(call)?;
    let world = call.world();
    let view = ConfluenceView::new(&world, call.caller.account());
    let comment = find::comment(call, &world, &view, "id")?;
    let latest = Some(&comment.version).filter(|_| page.after.is_none());
    let render = |version: &&Version| {
        let mut row = version_row(version);
        row["comment"] = json!({
            "id": comment.id.to_string(), "title": "", "body": body::shown(&comment.body, format),
        });
        row
    };
    Ok(page.reply(call, latest.into_iter(), |version| Cursor::new(comment.id, "number", version.number), render))
}
