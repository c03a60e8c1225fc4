//! One packet for a request: ureq sends head and body apart.

use std::io::{Read, Write};

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, LazyBuffers, NextTimeout, Transport,
};
use zeroize::Zeroize;

use super::exchange;
use super::stream::Stream;

/// A connection that holds back what it is to send until an answer is awaited or its buffer is half full.
#[derive(Debug)]
pub(super) struct Gathered {
    connection: Stream,
    buffers: LazyBuffers,
    held: usize,
}

impl Gathered {
    pub(super) fn new(connection: Stream, details: &ConnectionDetails<'_>) -> Gathered {
        let (input, output) =
            (details.config.input_buffer_size(), details.config.output_buffer_size());
        Gathered { connection, buffers: LazyBuffers::new(input, output), held: 0 }
    }

    fn send(&mut self) -> Result<(), Error> {
        let held = std::mem::take(&mut self.held);
        if held > 0 {
            exchange::sending();
        }
        let sent = self.connection.write_all(&self.buffers.output()[..held]);
        // A request's head has a UserSig, and buffers outlive it.
        self.buffers.output()[..held].zeroize();
        let below = self.connection.below().get_mut().buffers().output();
        let len = below.len().min(held);
        below[..len].zeroize();
        Ok(sent?)
    }
}

impl Transport for Gathered {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.held += amount;
        if self.held < self.buffers.output().len() / 2 {
            return Ok(());
        }
        self.connection.below().set_timeout(timeout);
        self.send()
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.connection.below().set_timeout(timeout);
        self.send()?;
        let room = self.buffers.input_append_buf();
        if room.is_empty() {
            // Only a head is asked for until all of it is there. To read nothing would look like the end of the connection.
            let size = self.buffers.input().len();
            return Err(Error::LargeResponseHeader(size, size));
        }
        let amount = self.connection.read(room)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.connection.below().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        self.connection.is_tls()
    }
}

impl Buffers for Gathered {
    fn output(&mut self) -> &mut [u8] {
        &mut self.buffers.output()[self.held..]
    }

    fn input(&self) -> &[u8] {
        self.buffers.input()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.buffers.input_append_buf()
    }

    fn input_appended(&mut self, amount: usize) {
        self.buffers.input_appended(amount);
    }

    fn input_consume(&mut self, amount: usize) {
        self.buffers.input_consume(amount);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        let (tmp, output) = self.buffers.tmp_and_output();
        (tmp, &mut output[self.held..])
    }

    fn can_use_input(&self) -> bool {
        self.buffers.can_use_input()
    }
}
