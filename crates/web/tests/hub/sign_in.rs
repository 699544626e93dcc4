//! Signing in and out: what a guesser learns, what a cookie is worth, and when it stops.

use crate::stage::{ANA, BEN, HOUR, PASSWORD, Stage};
use axum::http::{Method, StatusCode};
use store::AccountChange;

#[tokio::test]
async fn a_person_signs_in_and_comes_to_what_they_asked_for() {
    let stage = Stage::open().await;
    let mut ana = stage.visitor();
    let sent_away = ana.get("/search?q=gold&type=page").await;
    assert_eq!(sent_away.status, StatusCode::SEE_OTHER);
    assert_eq!(sent_away.header("location"), "/login?next=%2Fsearch%3Fq%3Dgold%26type%3Dpage");
    let form = ana.get(sent_away.header("location")).await;
    assert!(form.body.contains("name=\"next\" value=\"/search?q=gold&#38;type=page\""), "{}", form.body);
    let answer = ana.sign_in(" ANA@example.com", PASSWORD, "/search?q=gold&type=page").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/search?q=gold&type=page"));
    assert_eq!(ana.get("/search?q=gold").await.status, StatusCode::OK);
    assert_eq!(stage.audit()[0], (ANA.to_owned(), "session.opened".to_owned(), format!("{ANA} from unknown")));
}

#[tokio::test]
async fn an_address_elsewhere_is_never_next() {
    let stage = Stage::open().await;
    for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let answer = stage.visitor().sign_in(ANA, PASSWORD, next).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"), "{next}");
        let query = url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
        let form = stage.visitor().get(&format!("/login?next={query}")).await;
        assert!(form.body.contains("name=\"next\" value=\"/\""), "{next}");
    }
}

#[tokio::test]
async fn an_unknown_account_a_wrong_password_and_a_deactivated_account_look_the_same() {
    let stage = Stage::open().await;
    let ben = stage.store.account_by_email(BEN).unwrap().unwrap();
    stage.store.change_account(ben.id, AccountChange::Disabled(true)).await.unwrap();
    let mut answers = Vec::new();
    for (email, password) in [(ANA, "wrong password"), ("zoe@example.com", "wrong password"), (BEN, PASSWORD)] {
        let answer = stage.visitor().sign_in(email, password, "/").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        let body = answer.body.replace(&answer.csrf(), "TOKEN").replace(email, "EMAIL");
        let body = body.split("name=\"csrf\"").map(str::to_owned).collect::<Vec<_>>();
        answers.push((names, body));
        let program = serde_json::json!({"email": email, "password": password});
        let answer = stage.visitor().json(Method::POST, "/api/v1/login", &program).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("no-match")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_not_for_scripts() {
    let plain = Stage::open().await.visitor().sign_in(ANA, PASSWORD, "/").await;
    let session = plain.set_cookies().into_iter().find(|cookie| cookie.starts_with("fossick-session=")).unwrap();
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{session}");
    let secure = Stage::with(true).await.visitor().sign_in(ANA, PASSWORD, "/").await;
    let session =
        secure.set_cookies().into_iter().find(|cookie| cookie.starts_with("__Host-fossick-session=")).unwrap();
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{session}");
    assert!(!session.contains("Domain"));
}

#[tokio::test]
async fn a_planted_session_is_worth_nothing_after_signing_in() {
    let stage = Stage::open().await;
    let planted = stage.browser_of(BEN).await;
    let mut victim = planted.clone();
    victim.cookies.insert("fossick-session".to_owned(), planted.cookies["fossick-session"].clone());
    victim.cookies.remove("fossick-visit");
    // The form is shown to nobody who is signed in; the planted cookie stays while the victim signs in.
    let session = victim.cookies.remove("fossick-session").unwrap();
    let csrf = victim.get("/login").await.csrf();
    victim.cookies.insert("fossick-session".to_owned(), session.clone());
    let fields = [("csrf", csrf.as_str()), ("email", ANA), ("password", PASSWORD), ("next", "/")];
    assert_eq!(victim.post("/login", &fields).await.status, StatusCode::SEE_OTHER);
    assert_ne!(victim.cookies["fossick-session"], session);
    let mut attacker = planted;
    assert_eq!(attacker.get("/account").await.status, StatusCode::SEE_OTHER, "the planted session has ended");
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_hub() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let mut copy = ana.clone();
    assert_eq!(ana.post_signed("/logout", &[]).await.header("location"), "/login");
    assert!(!ana.cookies.contains_key("fossick-session"));
    assert_eq!(copy.get("/account").await.status, StatusCode::SEE_OTHER);
    let mut program = stage.program_of(BEN).await;
    assert_eq!(program.send(Method::POST, "/api/v1/logout", "", String::new()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(program.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_when_unused_and_at_the_latest_after_a_week() {
    let stage = Stage::open().await;
    let mut idle = stage.browser_of(BEN).await;
    let mut busy = stage.browser_of(ANA).await;
    for _ in 0..15 {
        stage.pass(11 * HOUR);
        assert_eq!(busy.get("/account").await.status, StatusCode::OK);
    }
    assert_eq!(idle.get("/account").await.status, StatusCode::SEE_OTHER);
    stage.pass(4 * HOUR);
    assert_eq!(busy.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_deactivated_account_stops_at_once() {
    let stage = Stage::open().await;
    let (mut browser, mut program) = (stage.browser_of(BEN).await, stage.program_of(BEN).await);
    assert_eq!(program.get("/api/v1/search?q=gold").await.status, StatusCode::OK);
    let ben = stage.store.account_by_email(BEN).unwrap().unwrap();
    stage.store.change_account(ben.id, AccountChange::Disabled(true)).await.unwrap();
    assert_eq!(browser.get("/search?q=gold").await.status, StatusCode::SEE_OTHER);
    assert_eq!(program.get("/api/v1/search?q=gold").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn guessing_slows_down_and_says_for_how_long() {
    let stage = Stage::open().await;
    for _ in 0..6 {
        stage.pass(1000);
        assert_eq!(stage.visitor().sign_in(ANA, "wrong password", "/").await.status, StatusCode::UNAUTHORIZED);
    }
    let refused = stage.visitor().sign_in(ANA, PASSWORD, "/").await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "2"));
    assert!(refused.body.contains("Try again in 2 seconds"), "{}", refused.body);
    let program = serde_json::json!({"email": ANA, "password": PASSWORD});
    let refused = stage.visitor().json(Method::POST, "/api/v1/login", &program).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (StatusCode::TOO_MANY_REQUESTS, Some("throttled")));
    assert_eq!(
        stage.visitor().sign_in(BEN, PASSWORD, "/").await.status,
        StatusCode::SEE_OTHER,
        "others are not held up"
    );
    stage.pass(2001);
    assert_eq!(stage.visitor().sign_in(ANA, PASSWORD, "/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        stage.visitor().sign_in(ANA, "wrong password", "/").await.status,
        StatusCode::UNAUTHORIZED,
        "counted anew"
    );
}

#[tokio::test]
async fn guessing_over_many_accounts_is_slowed_by_the_address() {
    let stage = Stage::open().await;
    let mut last = StatusCode::OK;
    for number in 0..22 {
        let body = serde_json::json!({"email": format!("user{number}@example.com"), "password": "wrong password"});
        last = stage.visitor().json(Method::POST, "/api/v1/login", &body).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let stage = Stage::open().await;
    let (mut here, mut there) = (stage.browser_of(BEN).await, stage.browser_of(BEN).await);
    let before = here.cookies["fossick-session"].clone();
    let change = |current, new, repeated| [("current", current), ("new", new), ("repeated", repeated)];
    for (fields, told) in [
        (change("not this one", "another password", "another password"), "This is not your current password."),
        (change(PASSWORD, "short", "short"), "Use at least 12 characters."),
        (change(PASSWORD, "another password", "another passwort"), "The two new passwords differ."),
    ] {
        let refused = here.post_signed("/account/password", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(told), "{told}");
        assert!(!refused.body.contains("another password"));
    }
    let fields = change(PASSWORD, "another password", "another password");
    assert_eq!(here.post_signed("/account/password", &fields).await.header("location"), "/account");
    let page = here.get("/account").await;
    assert!(page.status == StatusCode::OK && page.body.contains("Your password is changed"));
    assert!(!here.get("/account").await.body.contains("Your password is changed"), "the message is shown once");
    assert_ne!(here.cookies["fossick-session"], before);
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(stage.visitor().sign_in(BEN, PASSWORD, "/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stage.visitor().sign_in(BEN, "another password", "/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_not_a_token_opens_nothing() {
    let stage = Stage::open().await;
    for value in
        ["Bearer", "Bearer ", "Bearer 00", "Basic YTpi", "Bearer \u{7f}", &format!("Bearer {}", "0".repeat(64))]
    {
        let mut program = stage.visitor();
        let Ok(value) = value.parse() else { continue };
        program.headers.insert("authorization", value);
        let answer = program.get("/api/v1/me").await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    }
    // What the store keeps of a session does not open it.
    let browser = stage.browser_of(ANA).await;
    let token = hex::decode(&browser.cookies["fossick-session"]).unwrap();
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(token));
    let mut thief = stage.visitor();
    thief.cookies.insert("fossick-session".to_owned(), digest);
    assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER);
}
