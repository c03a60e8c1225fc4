//! The table that both directions read: products, their REST services, callback commands, hosts and error codes.
//!
//! Nothing else in the library spells a command word, a service name or an error code. A new command is a row in
//! `COMMANDS` and, if it carries something new, a [`Payload`].

mod error_code;

pub use error_code::{ErrorCode, Remedy, code};

/// A Tencent RTC product whose callbacks are configured and sent separately.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// Not known: an event whose command several products send, or is not in this release's catalogue.
    Unknown = 0,
    /// Conference (RoomKit, TUIRoomKit): the REST service `room_config`.
    Conference = 1,
    /// Call (CallKit, TUICallKit): the REST service `call_config`.
    Call = 2,
}

/// What the vendor documents about one product's callback configuration.
struct ProductRow {
    product: Product,
    name: &'static str,
    service: &'static str,
    has_update: bool,
    set_overwrites: bool,
}

const PRODUCTS: &[ProductRow] = &[
    ProductRow {
        product: Product::Conference,
        name: "conference",
        service: "room_config",
        has_update: true,
        set_overwrites: false,
    },
    // Call has no update_callback; its set_callback replaces whatever was there.
    ProductRow {
        product: Product::Call,
        name: "call",
        service: "call_config",
        has_update: false,
        set_overwrites: true,
    },
];

impl Product {
    /// Every product that has a REST service.
    pub fn all() -> impl Iterator<Item = Product> {
        PRODUCTS.iter().map(|row| row.product)
    }

    /// The product with this number, as the C ABI passes it.
    pub fn from_number(number: i32) -> Option<Product> {
        Product::all().find(|product| *product as i32 == number)
    }

    /// The product with this lower-case name (`conference`, `call`).
    pub fn from_name(name: &str) -> Option<Product> {
        PRODUCTS.iter().find(|row| row.name == name).map(|row| row.product)
    }

    /// The product whose REST service this is (`room_config`, `call_config`).
    pub fn from_service(service: &str) -> Option<Product> {
        PRODUCTS.iter().find(|row| row.service == service).map(|row| row.product)
    }

    fn row(self) -> Option<&'static ProductRow> {
        PRODUCTS.iter().find(|row| row.product == self)
    }

    /// Lower-case name: `conference`, `call`, `unknown`.
    pub fn name(self) -> &'static str {
        self.row().map_or("unknown", |row| row.name)
    }

    /// The REST service in the URL path (`room_config`); empty for [`Product::Unknown`].
    pub fn service(self) -> &'static str {
        self.row().map_or("", |row| row.service)
    }

    /// Whether the product has this operation at all: Call documents no `update_callback`.
    pub fn has(self, operation: Operation) -> bool {
        self.row().is_some_and(|row| operation != Operation::Update || row.has_update)
    }

    /// Whether `set_callback` replaces an existing configuration (Call) or refuses with 100300 (Conference).
    pub fn set_overwrites(self) -> bool {
        self.row().is_some_and(|row| row.set_overwrites)
    }

    /// The commands of this product, in the order of the vendor's list.
    pub fn commands(self) -> impl Iterator<Item = Command> {
        COMMANDS.iter().filter(move |row| row.product == self).map(|row| row.command)
    }
}

/// A REST operation on a callback configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `set_callback`
    Set,
    /// `update_callback`
    Update,
    /// `get_callback`
    Get,
    /// `delete_callback`
    Delete,
}

impl Operation {
    /// Every operation, in the order of their numbers.
    pub const ALL: [Operation; 4] =
        [Operation::Set, Operation::Update, Operation::Get, Operation::Delete];

    /// The last part of the URL path.
    pub fn path(self) -> &'static str {
        match self {
            Operation::Set => "set_callback",
            Operation::Update => "update_callback",
            Operation::Get => "get_callback",
            Operation::Delete => "delete_callback",
        }
    }

    /// The operation with this path (`set_callback`).
    pub fn from_path(path: &str) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.path() == path)
    }
}

/// A callback command: what happened. tc_command_word() gives its word on the wire.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// A word that this release does not know: `command_word` keeps it, and tc_event_json reads its fields.
    Unknown = 0,
    /// `Room.CallbackAfterCreateRoom`: a room was created, by a client or by REST. Payload: `room`.
    RoomAfterCreateRoom = 101,
    /// `Room.CallbackAfterDestroyRoom`: a room was destroyed. Payload: `room`, of which only `room_id` is sent.
    RoomAfterDestroyRoom = 102,
    /// `Room.CallbackAfterUpdateRoomInfo` (before 2024-08 `Room.CallbackUpdateRoomInfo`): room information changed. Payload: `room`.
    RoomAfterUpdateRoomInfo = 103,
    /// `Room.CallbackAfterMemberEnter`: a user entered. Payload: `members`.
    RoomAfterMemberEnter = 104,
    /// `Room.CallbackAfterMemberLeave`: a user left, was kicked, or lost the heartbeat. Payload: `members`.
    RoomAfterMemberLeave = 105,
    /// `Mic.CallbackAfterSeatInfoChanged`: a user was taken onto or off a seat, or a seat was locked. Conference and Live send it.
    /// Payload: `seats`.
    MicAfterSeatInfoChanged = 106,
    /// `Call.CallbackAfterStartCall`: a client started a call. Payload: `call_start`.
    CallAfterStartCall = 201,
    /// `Call.CallbackAfterEndCall`: a call is over. Payload: `call_end`.
    CallAfterEndCall = 202,
    /// `Call.CallbackAfterMemberChanged`: a member answered, hung up, was invited, and so on. Payload: `call_members`.
    CallAfterMemberChanged = 203,
    /// `Call.CallbackAfterRecordChanged`: the state of a cloud recording changed (missing from the vendor's command list,
    /// but it has a page of its own). Payload: `call_record`.
    CallAfterRecordChanged = 204,
}

/// Which payload a command carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Payload {
    /// Room information: create, destroy, update.
    Room,
    /// Members who entered or left a room.
    Members,
    /// Seats of a room.
    Seats,
    /// A call that started.
    CallStart,
    /// A call that ended.
    CallEnd,
    /// Members of a call that changed.
    CallMembers,
    /// A cloud recording of a call.
    CallRecord,
}

/// A word with a NUL behind it, so that C can be handed the same bytes.
#[derive(Clone, Copy)]
struct Word {
    text: &'static str,
    with_nul: &'static str,
}

macro_rules! word {
    ($text:literal) => {
        Word { text: $text, with_nul: concat!($text, "\0") }
    };
}

struct CommandRow {
    command: Command,
    product: Product,
    /// Whether another product, which this release does not configure, sends the command as well.
    is_shared: bool,
    payload: Payload,
    word: Word,
    aliases: &'static [&'static str],
}

impl CommandRow {
    /// The same row, of a command that another product sends as well.
    const fn shared(self) -> CommandRow {
        CommandRow { is_shared: true, ..self }
    }
}

const fn row(
    command: Command,
    product: Product,
    payload: Payload,
    word: Word,
    aliases: &'static [&'static str],
) -> CommandRow {
    CommandRow { command, product, is_shared: false, payload, word, aliases }
}

static COMMANDS: &[CommandRow] = &[
    row(
        Command::RoomAfterCreateRoom,
        Product::Conference,
        Payload::Room,
        word!("Room.CallbackAfterCreateRoom"),
        &[],
    ),
    row(
        Command::RoomAfterDestroyRoom,
        Product::Conference,
        Payload::Room,
        word!("Room.CallbackAfterDestroyRoom"),
        &[],
    ),
    row(
        Command::RoomAfterUpdateRoomInfo,
        Product::Conference,
        Payload::Room,
        word!("Room.CallbackAfterUpdateRoomInfo"),
        // The vendor's lists used this word until 2024, and the sample of get_callback still does.
        &["Room.CallbackUpdateRoomInfo"],
    ),
    row(
        Command::RoomAfterMemberEnter,
        Product::Conference,
        Payload::Members,
        word!("Room.CallbackAfterMemberEnter"),
        &[],
    ),
    row(
        Command::RoomAfterMemberLeave,
        Product::Conference,
        Payload::Members,
        word!("Room.CallbackAfterMemberLeave"),
        &[],
    ),
    row(
        Command::MicAfterSeatInfoChanged,
        Product::Conference,
        Payload::Seats,
        word!("Mic.CallbackAfterSeatInfoChanged"),
        &[],
    )
    // Live configures and sends it under the same word, and nothing in query or body says which product it was.
    .shared(),
    row(
        Command::CallAfterStartCall,
        Product::Call,
        Payload::CallStart,
        word!("Call.CallbackAfterStartCall"),
        &[],
    ),
    row(
        Command::CallAfterEndCall,
        Product::Call,
        Payload::CallEnd,
        word!("Call.CallbackAfterEndCall"),
        &[],
    ),
    row(
        Command::CallAfterMemberChanged,
        Product::Call,
        Payload::CallMembers,
        word!("Call.CallbackAfterMemberChanged"),
        &[],
    ),
    row(
        Command::CallAfterRecordChanged,
        Product::Call,
        Payload::CallRecord,
        word!("Call.CallbackAfterRecordChanged"),
        &[],
    ),
];

impl Command {
    /// Every command of the catalogue.
    pub fn all() -> impl Iterator<Item = Command> {
        COMMANDS.iter().map(|row| row.command)
    }

    /// The command with this word or alias; [`Command::Unknown`] if there is none.
    pub fn from_word(word: &str) -> Command {
        COMMANDS
            .iter()
            .find(|row| row.word.text == word)
            .or_else(|| COMMANDS.iter().find(|row| row.aliases.contains(&word)))
            .map_or(Command::Unknown, |row| row.command)
    }

    /// The command with this number, as the C ABI passes it.
    pub fn from_number(number: i32) -> Option<Command> {
        Command::all().find(|command| *command as i32 == number)
    }

    fn row(self) -> Option<&'static CommandRow> {
        COMMANDS.iter().find(|row| row.command == self)
    }

    /// The word to configure and to expect; empty for [`Command::Unknown`].
    pub fn word(self) -> &'static str {
        self.row().map_or("", |row| row.word.text)
    }

    /// [`Command::word`] with a NUL behind it.
    pub(crate) fn word_with_nul(self) -> &'static str {
        self.row().map_or("\0", |row| row.word.with_nul)
    }

    /// Other words under which the vendor's pages list the same command.
    pub fn aliases(self) -> &'static [&'static str] {
        self.row().map_or(&[], |row| row.aliases)
    }

    /// The product that an event with this command comes from; [`Product::Unknown`] if several products send it.
    pub fn product(self) -> Product {
        self.row().filter(|row| !row.is_shared).map_or(Product::Unknown, |row| row.product)
    }

    /// The product whose configuration lists it. Its events need not come from there: see [`Command::product`].
    pub fn listed_under(self) -> Product {
        self.row().map_or(Product::Unknown, |row| row.product)
    }

    /// The payload that it carries; `None` for [`Command::Unknown`].
    pub fn payload(self) -> Option<Payload> {
        self.row().map(|row| row.payload)
    }
}

/// A region of the REST API. It must be the data centre of the SDKAppID, or Tencent answers 60026.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// `console.tim.qq.com`
    China = 1,
    /// `adminapisgp.im.qcloud.com`
    Singapore = 2,
    /// `adminapikr.im.qcloud.com`
    Seoul = 3,
    /// `adminapiusa.im.qcloud.com`
    SiliconValley = 4,
    /// `adminapiger.im.qcloud.com`
    Frankfurt = 5,
    /// `adminapiidn.im.qcloud.com`
    Jakarta = 6,
    /// `adminapijpn.im.qcloud.com`
    Tokyo = 7,
    /// `adminapiind.im.qcloud.com` (older vendor pages only)
    Mumbai = 8,
    /// `adminapiksa.im.qcloud.com` (seen in public code, on no vendor page)
    SaudiArabia = 9,
}

const REGIONS: &[(Region, &str, &str)] = &[
    (Region::China, "china", "console.tim.qq.com"),
    (Region::Singapore, "singapore", "adminapisgp.im.qcloud.com"),
    (Region::Seoul, "seoul", "adminapikr.im.qcloud.com"),
    (Region::SiliconValley, "silicon-valley", "adminapiusa.im.qcloud.com"),
    (Region::Frankfurt, "frankfurt", "adminapiger.im.qcloud.com"),
    (Region::Jakarta, "jakarta", "adminapiidn.im.qcloud.com"),
    (Region::Tokyo, "tokyo", "adminapijpn.im.qcloud.com"),
    (Region::Mumbai, "mumbai", "adminapiind.im.qcloud.com"),
    (Region::SaudiArabia, "saudi-arabia", "adminapiksa.im.qcloud.com"),
];

impl Region {
    /// Every region, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Region> {
        REGIONS.iter().map(|(region, _, _)| *region)
    }

    /// The region with this number, as the C ABI passes it.
    pub fn from_number(number: i32) -> Option<Region> {
        Region::all().find(|region| *region as i32 == number)
    }

    /// The region with this lower-case name (`singapore`).
    pub fn from_name(name: &str) -> Option<Region> {
        REGIONS.iter().find(|(_, known, _)| *known == name).map(|(region, _, _)| *region)
    }

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        REGIONS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The host of the REST API there.
    pub fn host(self) -> &'static str {
        REGIONS.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }
}
