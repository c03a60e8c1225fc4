//! Tencent's error codes: what each means and whether a retry can help.

/// What can help after an error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// Nothing but a change of the request, the account or the application.
    None,
    /// The same request later: the fault is passing or the limit is per second.
    Retry,
    /// The same request once, with a fresh UserSig.
    Resign,
}

/// One of Tencent's error codes.
#[derive(Clone, Copy, Debug)]
pub struct ErrorCode {
    /// The number in `ErrorCode`.
    pub code: i64,
    /// What it means and what to do, in one sentence.
    pub meaning: &'static str,
    /// What can help.
    pub remedy: Remedy,
}

impl ErrorCode {
    /// What the vendor documents about this code; `None` for a code that is on no page.
    pub fn find(code: i64) -> Option<&'static ErrorCode> {
        ERROR_CODES
            .binary_search_by_key(&code, |row| row.code)
            .ok()
            .and_then(|index| ERROR_CODES.get(index))
    }
}

/// Codes that the library or the emulator acts on by name.
///
/// cbindgen:ignore
pub mod code {
    /// Success.
    pub const OK: i64 = 0;
    /// `set_callback` of Conference: a configuration exists.
    pub const CONFIG_EXISTS: i64 = 100300;
    /// `get_callback`, `update_callback`: no configuration exists.
    pub const CONFIG_MISSING: i64 = 100301;
    /// Tencent's service had an internal error.
    pub const INTERNAL_ERROR: i64 = 100001;
    /// The request's own parameters are wrong.
    pub const INVALID_PARAMETER: i64 = 100002;
    /// The URL cannot be read, or the method is not POST.
    pub const MALFORMED_URL: i64 = 60002;
    /// The body is not JSON, or empty.
    pub const MALFORMED_BODY: i64 = 60003;
    /// The SDKAppID is not one.
    pub const INVALID_APP: i64 = 60006;
    /// More requests than an API takes in a second.
    pub const TOO_FREQUENT: i64 = 60007;
    /// No such service or operation.
    pub const NO_SUCH_RESOURCE: i64 = 60009;
    /// The account that signed is not an App administrator.
    pub const NOT_ADMINISTRATOR: i64 = 60010;
    /// No SDKAppID in the URL.
    pub const MISSING_APP: i64 = 60012;
    /// Another parameter in the URL is missing or wrong.
    pub const INVALID_URL_PARAMETER: i64 = 60025;
    /// The UserSig has expired.
    pub const USERSIG_EXPIRED: i64 = 70001;
    /// The UserSig cannot be read.
    pub const USERSIG_ILLEGAL: i64 = 70003;
    /// The UserSig was signed with another key.
    pub const USERSIG_FORGED: i64 = 70009;
    /// The UserSig is for another identifier.
    pub const USERSIG_OTHER_IDENTIFIER: i64 = 70013;
    /// The UserSig is for another SDKAppID.
    pub const USERSIG_OTHER_APP: i64 = 70014;
    /// No such SDKAppID.
    pub const UNKNOWN_APP: i64 = 70020;
}

const fn e(code: i64, meaning: &'static str, remedy: Remedy) -> ErrorCode {
    ErrorCode { code, meaning, remedy }
}

/// Sorted by code. The older call REST API (v1) gives 70001-70005 other meanings; this table is that of v4.
#[rustfmt::skip]
static ERROR_CODES: &[ErrorCode] = &[
    e(40001, "a profile API error: see ErrorInfo", Remedy::None),
    e(40002, "a profile API error: see ErrorInfo", Remedy::None),
    e(40003, "a profile API error: see ErrorInfo", Remedy::None),
    e(40004, "a profile API error: see ErrorInfo", Remedy::None),
    e(40006, "the profile API had an internal error: try again", Remedy::Retry),
    e(40007, "a profile API error: see ErrorInfo", Remedy::None),
    e(40008, "a profile API error: see ErrorInfo", Remedy::None),
    e(40009, "a profile API error: see ErrorInfo", Remedy::None),
    e(40601, "a profile API error: see ErrorInfo", Remedy::None),
    e(40605, "a profile API error: see ErrorInfo", Remedy::None),
    e(40610, "a profile API error: see ErrorInfo", Remedy::None),
    e(60002, "the HTTP request could not be parsed: check the form of the URL", Remedy::None),
    e(60003, "the request's JSON could not be parsed", Remedy::None),
    e(60004, "the account or UserSig in the URL is wrong, or the account check failed for a moment", Remedy::Resign),
    e(60005, "the account or UserSig in the URL is wrong, or the account check failed for a moment", Remedy::Resign),
    e(60006, "the SDKAppID is invalid", Remedy::None),
    e(60007, "the API's call frequency was exceeded: slow down", Remedy::Retry),
    e(60008, "the service timed out or the HTTP request is malformed: try again", Remedy::Retry),
    e(60009, "the resource does not exist: check the path of the URL", Remedy::None),
    e(60010, "the account must be an App administrator: check the administrator option", Remedy::None),
    e(60011, "the SDKAppID's call frequency was exceeded: slow down", Remedy::Retry),
    e(60012, "the SDKAppID is missing from the URL", Remedy::None),
    e(60013, "Tencent's service could not parse its own answer: try again", Remedy::Retry),
    e(60014, "the account check timed out: try again", Remedy::Retry),
    e(60015, "an account in the body is not a string", Remedy::None),
    e(60016, "the SDKAppID is disabled", Remedy::None),
    e(60017, "the request is disabled", Remedy::None),
    e(60018, "too many requests: slow down", Remedy::Retry),
    e(60019, "too many requests: slow down", Remedy::Retry),
    e(60020, "the package has expired or was not bought, or the account is in arrears; a purchase takes five minutes to act", Remedy::None),
    e(60021, "this machine's IP address may not call the REST API: add it to the allowlist in the console", Remedy::None),
    e(60025, "the SDKAppID, identifier, UserSig or contenttype in the URL is wrong", Remedy::None),
    e(60026, "the host does not belong to the SDKAppID's data centre: choose another region", Remedy::None),
    e(60027, "the product type of this SDKAppID does not have this API", Remedy::None),
    e(60028, "the trial edition's requests for these 24 hours are used up", Remedy::None),
    e(70001, "the UserSig has expired: sign again (the vendor advises a validity of at least 24 hours)", Remedy::Resign),
    e(70003, "the UserSig is illegal, perhaps cut short: sign again", Remedy::Resign),
    e(70009, "the UserSig was signed with another application's key: check the key and the SDKAppID", Remedy::None),
    e(70013, "the identifier in the URL differs from the one in the UserSig", Remedy::None),
    e(70014, "the SDKAppID in the URL differs from the one in the UserSig", Remedy::None),
    e(70016, "no public key to verify the UserSig with: the host is perhaps not that of the application's data centre", Remedy::None),
    e(70020, "the SDKAppID does not exist: check it, and the region", Remedy::None),
    e(70050, "the UserSig failed verification too often: correct it and wait a minute", Remedy::None),
    e(70051, "the account is blocklisted", Remedy::None),
    e(70107, "the account has not been imported", Remedy::None),
    e(70169, "Tencent's service timed out: try again", Remedy::Retry),
    e(70346, "the credential check failed", Remedy::None),
    e(70347, "the credential has expired: sign again", Remedy::Resign),
    e(70348, "Tencent's service had an internal error: try again", Remedy::Retry),
    e(70362, "Tencent's service timed out: try again", Remedy::Retry),
    e(70398, "the quota of accounts is used up", Remedy::None),
    e(70399, "a deleted account cannot be imported again", Remedy::None),
    e(70401, "Tencent's service had an internal error: try again", Remedy::Retry),
    e(70402, "the parameters are illegal", Remedy::None),
    e(70403, "the operator is not an App administrator", Remedy::None),
    e(70404, "the SDK is too old", Remedy::None),
    e(70500, "Tencent's service had an internal error: try again", Remedy::Retry),
    e(71000, "the account may not be deleted", Remedy::None),
    e(72000, "the limit of daily active users is reached", Remedy::None),
    e(72001, "the package lacks this feature", Remedy::None),
    e(72002, "the limit of monthly active users is reached", Remedy::None),
    e(72010, "too many requests: slow down", Remedy::Retry),
    e(72011, "the feature is switched off", Remedy::None),
    e(72012, "the feature is switched off", Remedy::None),
    e(80003, "the callback before a message failed or timed out and the policy is not to deliver", Remedy::None),
    e(100001, "Tencent's service had an internal error: try again", Remedy::Retry),
    e(100002, "a parameter is invalid: see ErrorInfo", Remedy::None),
    e(100003, "the room id exists already", Remedy::None),
    e(100004, "the room does not exist or was dissolved", Remedy::None),
    e(100005, "the user is not a member of the room", Remedy::None),
    e(100006, "the permission is insufficient", Remedy::None),
    e(100007, "no payment information: buy the package", Remedy::None),
    e(100008, "the room is full", Remedy::None),
    e(100009, "there are too many tags", Remedy::None),
    e(100010, "the room id is in use and the operator owns it: use the room as it is", Remedy::None),
    e(100011, "the room id is taken by a Chat group", Remedy::None),
    e(100012, "rooms are created too often: the same id once a second", Remedy::None),
    e(100013, "a limit of the package is exceeded", Remedy::None),
    e(100015, "the room type is invalid", Remedy::None),
    e(100016, "the member is banned", Remedy::None),
    e(100017, "the member is muted", Remedy::None),
    e(100018, "the room needs a password", Remedy::None),
    e(100019, "the room's password is wrong", Remedy::None),
    e(100020, "the room has too many administrators", Remedy::None),
    e(100102, "the signalling request conflicts with another", Remedy::None),
    e(100200, "the seat is locked", Remedy::None),
    e(100201, "the seat is occupied", Remedy::None),
    e(100202, "the user is in the queue already", Remedy::None),
    e(100203, "the user is on the seat already", Remedy::None),
    e(100204, "the user is not in the queue", Remedy::None),
    e(100205, "all seats are taken", Remedy::None),
    e(100206, "the user is not on a seat", Remedy::None),
    e(100210, "the user is on a seat already", Remedy::None),
    e(100211, "the room has no seats", Remedy::None),
    e(100251, "the list of seats is empty", Remedy::None),
    e(100300, "a callback configuration exists already: update it", Remedy::None),
    e(100301, "no callback configuration exists: create it", Remedy::None),
    e(100302, "no callback token configuration exists: create it", Remedy::None),
    e(100400, "the connection does not exist", Remedy::None),
    e(100401, "the room is connected already", Remedy::None),
    e(100402, "a connection request is pending", Remedy::None),
    e(100403, "the room is connecting with others", Remedy::None),
    e(100404, "too many rooms are connected", Remedy::None),
    e(100405, "connections are requested too often", Remedy::None),
    e(100411, "the battle does not exist", Remedy::None),
    e(100412, "no room of the battle is valid", Remedy::None),
    e(100413, "battles are requested too often", Remedy::None),
    e(100414, "the room is not in the battle", Remedy::None),
    e(100415, "the room is in another battle", Remedy::None),
    e(100416, "a battle request is pending", Remedy::None),
    e(100419, "a running battle cannot be cancelled", Remedy::None),
    e(100420, "the battle has not started", Remedy::None),
    e(100421, "the battle has ended", Remedy::None),
    e(100500, "there are too many metadata keys", Remedy::None),
    e(100501, "a metadata value is too big", Remedy::None),
    e(100502, "the metadata is too big in total", Remedy::None),
    e(100503, "no key to delete is valid", Remedy::None),
    e(100504, "a metadata key is too long", Remedy::None),
    e(101001, "Tencent's service had an internal error: try again", Remedy::Retry),
    e(101002, "a parameter is invalid: see ErrorInfo", Remedy::None),
    e(101004, "the call does not exist or has ended", Remedy::None),
    e(101050, "the record of the call does not exist", Remedy::None),
];
