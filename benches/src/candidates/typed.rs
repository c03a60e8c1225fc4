//! The four events as serde reads them: strings borrowed where they have no escapes.

use std::borrow::Cow;

use anyhow::Result;
use serde::Deserialize;

/// What goes into the checksum of a row.
trait Fold {
    fn fold(&self, hash: u64) -> u64;
}

fn fold(hash: u64, value: u64) -> u64 {
    hash.wrapping_mul(31).wrapping_add(value)
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Fold for Text<'_> {
    fn fold(&self, hash: u64) -> u64 {
        let value = match self.0.as_bytes() {
            [] => 0,
            [first, ..] => {
                let last = self.0.as_bytes()[self.0.len() - 1];
                self.0.len() as u64 + (u64::from(*first) << 8) + (u64::from(last) << 16)
            }
        };
        fold(hash, value)
    }
}

/// A boolean that the vendor sends as a text.
#[derive(Deserialize)]
struct BooleanText<'a>(#[serde(borrow)] Cow<'a, str>);

impl Fold for BooleanText<'_> {
    fn fold(&self, hash: u64) -> u64 {
        fold(hash, u64::from(self.0 == "true"))
    }
}

impl Fold for i64 {
    fn fold(&self, hash: u64) -> u64 {
        fold(hash, *self as u64)
    }
}

impl Fold for bool {
    fn fold(&self, hash: u64) -> u64 {
        fold(hash, u64::from(*self))
    }
}

impl<T: Fold> Fold for Vec<T> {
    fn fold(&self, hash: u64) -> u64 {
        self.iter().fold(fold(hash, self.len() as u64), |hash, element| element.fold(hash))
    }
}

/// A struct whose fields are folded in their order.
macro_rules! object {
    ($name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct $name<'a> {
            $($(#[$attribute])* $field: $type,)*
        }

        impl Fold for $name<'_> {
            fn fold(&self, hash: u64) -> u64 {
                $(let hash = self.$field.fold(hash);)*
                hash
            }
        }
    };
}

object!(FamilyA {
    #[serde(borrow)]
    callback_command: Text<'a>,
    #[serde(borrow, rename = "Operator_Account")]
    operator_account: Text<'a>,
    #[serde(borrow)]
    room_info: Room<'a>,
    event_time: i64,
});

object!(Room {
    #[serde(borrow)]
    room_id: Text<'a>,
    #[serde(borrow)]
    room_name: Text<'a>,
    #[serde(borrow, rename = "Owner_Account")]
    owner_account: Text<'a>,
    #[serde(borrow)]
    take_seat_mode: Text<'a>,
    max_member_count: i64,
    is_video_disabled: bool,
    is_audio_disabled: bool,
    is_message_disabled: bool,
    is_screen_sharing_disabled: bool,
    #[serde(borrow)]
    is_cloud_recording_disabled: BooleanText<'a>,
    #[serde(borrow)]
    custom_info: Text<'a>,
});

object!(FamilyB {
    #[serde(borrow)]
    callback_command: Text<'a>,
    #[serde(borrow, rename = "Operator_Account")]
    operator_account: Text<'a>,
    #[serde(borrow)]
    room_id: Text<'a>,
    member_count: i64,
    #[serde(borrow)]
    r#type: Text<'a>,
    #[serde(borrow, rename = "MemberList_Account")]
    member_list: Vec<Text<'a>>,
    event_time: i64,
});

object!(FamilyC {
    #[serde(borrow)]
    callback_command: Text<'a>,
    #[serde(borrow, rename = "Operator_Account")]
    operator_account: Text<'a>,
    #[serde(borrow)]
    room_id: Text<'a>,
    #[serde(borrow)]
    seat_list: Vec<Seat<'a>>,
    event_time: i64,
});

object!(Seat {
    index: i64,
    #[serde(borrow, rename = "Member_Account")]
    member_account: Text<'a>,
    is_taken_disabled: bool,
    is_video_disabled: bool,
    is_audio_disabled: bool,
});

object!(FamilyD {
    #[serde(borrow)]
    callback_command: Text<'a>,
    #[serde(borrow)]
    call_record: Call<'a>,
    event_time: i64,
});

object!(Call {
    #[serde(borrow)]
    call_id: Text<'a>,
    #[serde(borrow, rename = "Caller_Account")]
    caller_account: Text<'a>,
    #[serde(borrow)]
    media_type: Text<'a>,
    #[serde(borrow)]
    call_type: Text<'a>,
    start_time: i64,
    end_time: i64,
    accept_time: i64,
    #[serde(borrow)]
    call_result: Text<'a>,
    #[serde(borrow, rename = "CalleeList_Account")]
    callee_list: Vec<Text<'a>>,
    #[serde(borrow)]
    room_id: Text<'a>,
    room_id_type: i64,
});

/// A pass over the bodies of a family with this `from_slice`.
macro_rules! pass {
    ($name:ident, $from_slice:path) => {
        pub fn $name(family: usize, bodies: &[String]) -> Result<u64> {
            let mut hash = 0;
            for body in bodies {
                let body = body.as_bytes();
                hash = match family {
                    0 => $from_slice(body).map(|event: FamilyA<'_>| event.fold(hash)),
                    1 => $from_slice(body).map(|event: FamilyB<'_>| event.fold(hash)),
                    2 => $from_slice(body).map(|event: FamilyC<'_>| event.fold(hash)),
                    _ => $from_slice(body).map(|event: FamilyD<'_>| event.fold(hash)),
                }?;
            }
            Ok(hash)
        }
    };
}

pass!(serde_json, ::serde_json::from_slice);
pass!(sonic_rs, ::sonic_rs::from_slice);
