//! "Why do I see this?", and "I should not see this".

use crate::chrome::{Device, Message, page};
use crate::failure::Failure;
use crate::form::{Form, Posted};
use crate::hub::Hub;
use crate::identity::{Address, SignedIn};
use crate::pages::why::WhyPage;
use crate::show::{document_line, step_rows};
use crate::urls::Route;
use axum::extract::{RawQuery, State};
use axum::response::Response;

pub(crate) async fn show(
    State(hub): State<Hub>,
    who: SignedIn,
    device: Device,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::parse(query.unwrap_or_default().as_bytes());
    let explanation = hub.why(&who, asked.trimmed("document")).await?;
    page(&WhyPage {
        chrome: hub.chrome(&who, device)?,
        key: explanation.about.key.clone(),
        document: document_line(&explanation.about),
        steps: step_rows(&explanation.steps, false, hub.now()),
    })
}

pub(crate) async fn object(
    State(hub): State<Hub>,
    address: Address,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let (who, form) = (posted.owner, posted.form);
    let explanation = hub.object(&who, form.trimmed("document"), form.trimmed("note"), &address).await?;
    let back = Route::Why.asking(&[("document", &explanation.about.key)]);
    hub.redirect_to_saying(&back, Message::Objected)
}
