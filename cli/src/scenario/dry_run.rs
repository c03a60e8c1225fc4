//! The events as they would be sent, as lines of JSON.

use serde::Serialize;

use super::disorder::{Delivery, Room};
use crate::delivery::{Query, Signed};
use crate::failure::{Failure, Result};
use crate::json::Node;
use crate::terminal;

#[derive(Serialize)]
struct Line<'a> {
    room: &'a str,
    delivery: Delivery,
    time_ms: u64,
    query: String,
    body: Node,
}

/// Writes a line for each sending, in the order of the world's clock; also for those that are lost.
pub fn write(rooms: &[Room], sdk_app_id: u32, token: Option<&str>) -> Result<()> {
    let mut posts: Vec<_> =
        rooms.iter().flat_map(|room| room.posts.iter().map(move |post| (room, post))).collect();
    // Stable: the sendings of a room keep their order.
    posts.sort_by_key(|(_, post)| post.time_ms);
    for (room, post) in posts {
        let event = &room.events[post.event];
        let query = Query {
            sdk_app_id,
            word: event.word,
            client_ip: &event.client_ip,
            platform: event.platform,
            signed: token.map_or(Signed::No, Signed::With),
        };
        terminal::json_line(&Line {
            room: &room.id,
            delivery: post.delivery,
            time_ms: post.time_ms,
            // The world's clock, not the machine's: the same seed is to give the same lines.
            query: query.text(post.time_ms / 1000),
            body: Node::parse(&event.body).map_err(Failure::operation)?,
        })?;
    }
    Ok(())
}
