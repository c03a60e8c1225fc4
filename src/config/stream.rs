//! Bytes to a host and from it, in TLS or as they are.

use std::fmt;
use std::io::{self, Read, Write};

use rustls::{ClientConnection, StreamOwned};
use ureq::unversioned::transport::TransportAdapter;

pub(super) enum Stream {
    Plain(TransportAdapter),
    Tls(Box<StreamOwned<ClientConnection, TransportAdapter>>),
}

impl Stream {
    /// The connection that it goes by.
    pub(super) fn below(&mut self) -> &mut TransportAdapter {
        match self {
            Stream::Plain(below) => below,
            Stream::Tls(tls) => tls.get_mut(),
        }
    }

    pub(super) fn is_tls(&self) -> bool {
        matches!(self, Stream::Tls(_))
    }
}

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(below) => below.read(bytes),
            Stream::Tls(tls) => tls.read(bytes),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(below) => below.write(bytes),
            Stream::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(below) => below.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let below = match self {
            Stream::Plain(below) => below,
            Stream::Tls(tls) => tls.get_ref(),
        };
        below.get_ref().fmt(formatter)
    }
}
