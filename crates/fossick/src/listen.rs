//! Taking an address to listen on, or saying plainly why not.

use crate::exit::{Exit, Fault};
use std::io::ErrorKind;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Listens on `address`.
pub(crate) async fn on(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).await.map_err(|error| refused(address, &error))
}

/// What to tell a person when an address cannot be listened on.
pub(crate) fn refused(address: SocketAddr, error: &std::io::Error) -> Fault {
    let why = match error.kind() {
        ErrorKind::AddrInUse => "another program uses it; stop that program or choose another port".to_owned(),
        ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        ErrorKind::PermissionDenied => "ports below 1024 need more rights; choose a higher one".to_owned(),
        _ => error.to_string(),
    };
    Fault::new(Exit::Listen, format!("cannot listen on `{address}`: {why}"))
}
