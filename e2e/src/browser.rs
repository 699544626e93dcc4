//! A real browser, without a window, that notes everything it complains about.
//!
//! A story ends with [`Window::close`], which fails it when the browser logged an error: a script that threw, a file that
//! was missing, something that the page's own security policy forbade.

use crate::program::target;
use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams};
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
use chromiumoxide::cdp::js_protocol::runtime::{ConsoleApiCalledType, EventConsoleApiCalled, EventExceptionThrown};
use chromiumoxide::page::{Page, ScreenshotParams};
use futures_util::StreamExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

use crate::waiting;

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A colour scheme that the system asks pages for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// The other way round.
    Dark,
}

impl Scheme {
    /// The word of the media feature.
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// One tab of one browser of its own.
pub struct Window {
    browser: Browser,
    page: Page,
    complaints: Arc<Mutex<Vec<String>>>,
    shape: Mutex<(i64, Scheme)>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    _profile: TempDir,
}

impl Window {
    /// Opens an empty tab.
    ///
    /// # Panics
    /// If the browser does not start.
    pub async fn open(chromium: &str) -> Self {
        let profile = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for a browser: {error}"));
        let path = ["/usr/bin", "/usr/local/bin", "/bin", "/snap/bin"]
            .into_iter()
            .map(|folder| PathBuf::from(folder).join(chromium));
        let path = path.into_iter().find(|path| path.exists()).unwrap_or_else(|| PathBuf::from(chromium));
        let config = BrowserConfig::builder()
            .chrome_executable(path)
            .user_data_dir(profile.path())
            .new_headless_mode()
            // A sandbox needs rights that a test in a container lacks; the only pages shown are our own.
            .no_sandbox()
            .viewport(None)
            .args([
                "disable-gpu",
                "disable-quic",
                "no-first-run",
                "disable-background-networking",
                "disable-component-update",
                "disable-sync",
                "disable-dev-shm-usage",
                "hide-scrollbars",
                "force-color-profile=srgb",
            ])
            .launch_timeout(Duration::from_secs(60))
            .build()
            .unwrap_or_else(|error| panic!("{error}"));
        let launched = Browser::launch(config).await;
        let (browser, mut handler) = launched.unwrap_or_else(|error| panic!("the browser does not start: {error}"));
        let handling = tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.unwrap_or_else(|error| panic!("no tab: {error}"));
        let complaints = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = listen(&page, &complaints).await;
        tasks.push(handling);
        Self { browser, page, complaints, shape: Mutex::new((1280, Scheme::Light)), tasks, _profile: profile }
    }

    /// Gives the tab a width in pixels, and the colours that the system asks for.
    pub async fn shape(&self, width: i64, scheme: Scheme) {
        *self.shape.lock().unwrap_or_else(PoisonError::into_inner) = (width, scheme);
        let metrics = SetDeviceMetricsOverrideParams::new(width, 900, 1.0, width < 600);
        self.page.execute(metrics).await.unwrap_or_else(|error| panic!("{error}"));
        let features = [("prefers-color-scheme", scheme.word()), ("prefers-reduced-motion", "reduce")];
        let features = features.map(|(name, value)| MediaFeature::new(name, value)).to_vec();
        self.page.emulate_media_features(features).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Turns scripts of pages off or on.
    pub async fn scripts(&self, on: bool) {
        let params = SetScriptExecutionDisabledParams::new(!on);
        self.page.execute(params).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Opens an address and waits until it has loaded.
    pub async fn goto(&self, url: &str) {
        self.page.goto(url).await.unwrap_or_else(|error| panic!("cannot open `{url}`: {error}"));
    }

    /// The address of the page.
    pub async fn url(&self) -> String {
        self.page.url().await.ok().flatten().unwrap_or_default()
    }

    /// Runs a script in the page and returns its value as text; nothing if it failed, as between two pages.
    pub async fn ask(&self, script: &str) -> Option<String> {
        let value = self.page.evaluate(script).await.ok()?.value()?.clone();
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// Waits until a script answers `true`.
    ///
    /// # Panics
    /// If it does not.
    pub async fn wait(&self, what: &str, script: &str) {
        let whole = format!("Boolean({script})");
        let look = async || (self.ask(&whole).await? == "true").then_some(());
        let seen = tokio::time::timeout(PATIENCE, waiting::until(what, PATIENCE * 2, look)).await;
        if seen.is_err() {
            let (url, text) = (self.url().await, self.text("body").await);
            panic!("waited in vain for: {what}\non {url}:\n{text}\ncomplaints: {:?}", self.complaints());
        }
    }

    /// Waits until an element is there.
    pub async fn see(&self, selector: &str) {
        self.wait(selector, &format!("document.querySelector({})", quoted(selector))).await;
    }

    /// Waits until the page holds a text.
    pub async fn read(&self, text: &str) {
        self.wait(text, &format!("document.body && document.body.innerText.includes({})", quoted(text))).await;
    }

    /// The text of the first element that fits.
    pub async fn text(&self, selector: &str) -> String {
        self.ask(&format!("document.querySelector({})?.innerText ?? ''", quoted(selector))).await.unwrap_or_default()
    }

    /// How many elements fit.
    pub async fn count(&self, selector: &str) -> usize {
        let counted = self.ask(&format!("document.querySelectorAll({}).length", quoted(selector))).await;
        counted.and_then(|count| count.parse().ok()).unwrap_or_default()
    }

    /// Clicks the first element that fits, with the mouse.
    ///
    /// # Panics
    /// If there is none.
    pub async fn click(&self, selector: &str) {
        self.see(selector).await;
        let element = self.page.find_element(selector).await.unwrap_or_else(|error| panic!("`{selector}`: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("cannot click `{selector}`: {error}"));
    }

    /// Puts a text into a field, in place of what it held.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.see(selector).await;
        let script = format!(
            "(() => {{ const field = document.querySelector({}); field.focus(); field.select?.(); }})()",
            quoted(selector)
        );
        let _focused = self.ask(&script).await;
        self.write(text).await;
    }

    /// Writes where the cursor is.
    pub async fn write(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap_or_else(|error| panic!("cannot type: {error}"));
    }

    /// Presses a key: `Enter`, `Tab`, `/` and so on. What is seen may stand there before the page's scripts have run, which
    /// listen to keys; so the whole page is waited for.
    pub async fn press(&self, key: &str) {
        self.wait("the whole page", "document.readyState === 'complete'").await;
        let (code, number, text) = match key {
            "Enter" => ("Enter", 13, Some("\r")),
            "Tab" => ("Tab", 9, None),
            "Escape" => ("Escape", 27, None),
            "/" => ("Slash", 191, Some("/")),
            other => panic!("the harness does not know the key `{other}`"),
        };
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let mut event = DispatchKeyEventParams::new(kind.clone());
            event.key = Some(key.to_owned());
            event.code = Some(code.to_owned());
            event.windows_virtual_key_code = Some(number);
            if kind == DispatchKeyEventType::KeyDown {
                event.text = text.map(str::to_owned);
            }
            self.page.execute(event).await.unwrap_or_else(|error| panic!("cannot press `{key}`: {error}"));
        }
    }

    /// What has the focus: tag, then id or text.
    pub async fn focus(&self) -> String {
        let script = "(() => { const e = document.activeElement; return e.tagName.toLowerCase() + ' ' + (e.id || e.innerText.trim()); })()";
        self.ask(script).await.unwrap_or_default()
    }

    /// Asserts that nothing sticks out to the right.
    ///
    /// # Panics
    /// With what does.
    pub async fn fits(&self) {
        let script = "(() => { const wide = document.documentElement.clientWidth; if (document.documentElement.scrollWidth <= wide) return ''; \
            return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1).slice(0, 5) \
            .map(e => e.tagName + '.' + e.className).join(', ') || 'something'; })()";
        let wide = self.ask(script).await.unwrap_or_default();
        assert!(wide.is_empty(), "on {} this is wider than the window: {wide}", self.url().await);
    }

    /// Keeps a picture of the whole page as `screenshots/NAME.png` in the target directory.
    ///
    /// # Panics
    /// If it cannot be written.
    pub async fn picture(&self, name: &str, whole: bool) {
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("cannot make `{}`: {error}", folder.display()));
        let params = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png).full_page(whole).build();
        let saved = self.page.save_screenshot(params, folder.join(format!("{name}.png"))).await;
        let _bytes = saved.unwrap_or_else(|error| panic!("no picture of {name}: {error}"));
        // A picture of a whole page leaves the tab as wide as the browser likes.
        let (width, scheme) = *self.shape.lock().unwrap_or_else(PoisonError::into_inner);
        self.shape(width, scheme).await;
    }

    /// What the browser complained about so far.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgives complaints that hold this text: an answer of 422 is an error to a browser, and what the story wants.
    pub fn forgive(&self, text: &str) {
        let mut complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        complaints.retain(|complaint| !complaint.contains(text));
    }

    /// Ends the browser.
    ///
    /// # Panics
    /// If it complained about anything.
    pub async fn close(mut self) {
        let complaints = self.complaints();
        let _gone_already = self.browser.close().await;
        let _gone_already = self.browser.wait().await;
        for task in &self.tasks {
            task.abort();
        }
        assert!(complaints.is_empty(), "the browser complained:\n{}", complaints.join("\n"));
    }
}

async fn listen(page: &Page, complaints: &Arc<Mutex<Vec<String>>>) -> Vec<tokio::task::JoinHandle<()>> {
    let _page = page.enable_log().await.unwrap_or_else(|error| panic!("cannot listen to the browser: {error}"));
    let mut entries = page
        .event_listener::<EventEntryAdded>()
        .await
        .unwrap_or_else(|error| panic!("cannot listen to the browser: {error}"));
    let mut thrown = page
        .event_listener::<EventExceptionThrown>()
        .await
        .unwrap_or_else(|error| panic!("cannot listen to the browser: {error}"));
    let mut calls = page
        .event_listener::<EventConsoleApiCalled>()
        .await
        .unwrap_or_else(|error| panic!("cannot listen to the browser: {error}"));
    let note = |complaints: &Arc<Mutex<Vec<String>>>, text: String| {
        complaints.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    };
    let (first, second, third) = (complaints.clone(), complaints.clone(), complaints.clone());
    vec![
        tokio::spawn(async move {
            while let Some(event) = entries.next().await {
                let entry = &event.entry;
                if matches!(entry.level, LogEntryLevel::Error | LogEntryLevel::Warning) {
                    note(&first, format!("{} ({})", entry.text, entry.url.clone().unwrap_or_default()));
                }
            }
        }),
        tokio::spawn(async move {
            while let Some(event) = thrown.next().await {
                note(&second, format!("{:?}", event.exception_details));
            }
        }),
        tokio::spawn(async move {
            while let Some(event) = calls.next().await {
                if event.r#type == ConsoleApiCalledType::Error {
                    note(&third, format!("console.error: {:?}", event.args));
                }
            }
        }),
    ]
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
