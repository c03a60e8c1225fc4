//! A meeting: a room of Conference with its members and seats.

use fastrand::Rng;
use tc_callback::catalog::Command;

use super::{
    Body, Diary, Happening, Person, Step, World, choose, meeting_director, once_in, people,
};

/// The least of the vendor's internal accounts: beyond 2^53, where a double loses digits.
const FIRST_ACCOUNT: u64 = 144_115_188_075_855_872;

const SEATS: usize = 16;
const HOUR_S: u64 = 3600;

const TAKE_SEAT_MODES: [&str; 2] = ["FreeToTake", "ApplyToTake"];

const SWITCHES: [&str; 5] = [
    "IsVideoDisabled",
    "IsAudioDisabled",
    "IsMessageDisabled",
    "IsScreenSharingDisabled",
    "IsCloudRecordingDisabled",
];

const NAMES: [&str; 6] =
    ["Stand-up", "Quarterly review", "Design review", "Planung für März", "项目周会", "Town hall"];

pub struct Meeting {
    room_id: String,
    name: String,
    custom_info: String,
    /// The first owns the room.
    people: Vec<Person>,
    is_inside: Vec<bool>,
    seats: Vec<Seat>,
    switches: [bool; 5],
    take_seat_mode: &'static str,
    life: Life,
}

#[derive(Clone, Default)]
struct Seat {
    occupant: Option<usize>,
    is_locked: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Life {
    Planned,
    Running { since_s: u64 },
    Over,
}

impl Meeting {
    pub fn new(room_id: String, member_count: usize, rng: &mut Rng) -> Meeting {
        let first = FIRST_ACCOUNT + rng.u64(..1 << 40);
        let accounts = (0..member_count as u64).map(|member| (first + member).to_string());
        Meeting {
            room_id,
            name: NAMES[rng.usize(..NAMES.len())].to_owned(),
            custom_info: String::new(),
            people: people(accounts, rng),
            is_inside: vec![false; member_count],
            seats: vec![Seat::default(); SEATS],
            switches: [(); 5].map(|()| once_in(rng, 4)),
            take_seat_mode: TAKE_SEAT_MODES[rng.usize(..2)],
            life: Life::Planned,
        }
    }

    /// Who is inside, the owner last.
    pub fn inside(&self) -> Vec<usize> {
        (0..self.people.len()).rev().filter(|member| self.is_inside[*member]).collect()
    }

    pub fn is_seated(&self, member: usize) -> bool {
        self.seat_of(member).is_some()
    }

    fn seat_of(&self, member: usize) -> Option<usize> {
        self.seats.iter().position(|seat| seat.occupant == Some(member))
    }

    fn account(&self, member: usize) -> &str {
        &self.people[member].account
    }

    fn create(&mut self, now_ms: u64, rng: &mut Rng) -> Result<Happening, String> {
        if self.life != Life::Planned {
            return Err("the room has been created already".to_owned());
        }
        self.life = Life::Running { since_s: now_ms / 1000 };
        let mut body = Body::of(Command::RoomAfterCreateRoom);
        self.describe(&mut body);
        let invited = self.people.iter().skip(1).filter(|_| !once_in(rng, 4));
        body.put_texts("ScheduleInviteeList_Account", invited.map(|who| who.account.as_str()));
        Ok(Happening { body, by: 0 })
    }

    fn update(&mut self, rng: &mut Rng) -> Happening {
        match rng.u8(..3) {
            0 => self.name = NAMES[rng.usize(..NAMES.len())].to_owned(),
            1 => self.custom_info = format!("agenda {}", rng.u32(1..100)),
            _ => {
                let switch = &mut self.switches[rng.usize(..5)];
                *switch = !*switch;
            }
        }
        let mut body = Body::of(Command::RoomAfterUpdateRoomInfo);
        self.describe(&mut body);
        Happening { body, by: 0 }
    }

    /// Puts what is known of the room where the sample has it.
    fn describe(&self, body: &mut Body) {
        body.put("Operator_Account", self.account(0));
        body.put("RoomInfo.RoomId", &self.room_id);
        body.put("RoomInfo.RoomName", &self.name);
        body.put("RoomInfo.Owner_Account", self.account(0));
        body.put("RoomInfo.MaxSeatCount", SEATS);
        body.put("RoomInfo.CustomInfo", &self.custom_info);
        body.put("RoomInfo.TakeSeatMode", self.take_seat_mode);
        for (name, is_on) in SWITCHES.iter().zip(self.switches) {
            body.put(&format!("RoomInfo.{name}"), is_on);
        }
        if let Life::Running { since_s } = self.life {
            body.put("RoomInfo.ScheduleStartTime", since_s);
            body.put("RoomInfo.ScheduleEndTime", since_s + HOUR_S);
            body.put("RoomInfo.CreateTime", since_s);
        }
    }

    fn enter(&mut self, step: &Step, rng: &mut Rng) -> Result<Happening, String> {
        let change = step.one_of(&["Enter"])?;
        let outside = (0..self.people.len()).filter(|member| !self.is_inside[*member]).collect();
        // The owner, who has made the room, enters first.
        let first = self.inside().is_empty().then_some(0);
        let member = choose(step.member.or(first), outside, rng)
            .ok_or("everyone who could enter is in the room already")?;
        self.is_inside[member] = true;
        let mut body = Body::of(Command::RoomAfterMemberEnter);
        self.tell_member(&mut body, change, member, member);
        Ok(Happening { body, by: member })
    }

    fn leave(&mut self, step: &Step, rng: &mut Rng) -> Result<Happening, String> {
        let change = step.one_of(&["Leave", "Kicked", "Expired"])?;
        let is_kicked = change == "Kicked";
        let mut inside = self.inside();
        // The owner is not kicked out, and leaves last unless named.
        if is_kicked || (step.member.is_none() && inside.len() > 1) {
            inside.retain(|member| *member != 0);
        }
        let member =
            choose(step.member, inside, rng).ok_or("nobody is in the room who could leave so")?;
        self.is_inside[member] = false;
        if let Some(seat) = self.seat_of(member) {
            self.seats[seat].occupant = None;
        }
        let by = if is_kicked { 0 } else { member };
        let mut body = Body::of(Command::RoomAfterMemberLeave);
        self.tell_member(&mut body, change, by, member);
        body.put(
            "Reason",
            match change {
                "Kicked" => "removed by the owner",
                "Expired" => "no heartbeat",
                _ => "left",
            },
        );
        Ok(Happening { body, by })
    }

    fn tell_member(&self, body: &mut Body, change: &str, by: usize, member: usize) {
        body.put("Operator_Account", self.account(by));
        body.put("RoomId", &self.room_id);
        body.put("MemberCount", self.inside().len());
        body.put("Type", change);
        body.put_texts("MemberList_Account", [self.account(member)]);
    }

    fn seat(&mut self, step: &Step, rng: &mut Rng) -> Result<Happening, String> {
        let action = step.one_of(&["Take", "Leave", "Lock", "Unlock"])?;
        let (index, by) = match action {
            "Take" => self.take_seat(step, rng)?,
            "Leave" => self.leave_seat(step, rng)?,
            _ => {
                step.has_no_member()?;
                (self.lock_seat(action == "Lock", rng)?, 0)
            }
        };
        let mut body = Body::of(Command::MicAfterSeatInfoChanged);
        body.put("Operator_Account", self.account(by));
        body.put("RoomId", &self.room_id);
        body.put_list("SeatList", [&self.seats[index]], |item, seat| {
            item.put("Index", index);
            item.put("IsTakenDisabled", seat.is_locked);
            match seat.occupant {
                Some(member) => item.put("Member_Account", self.account(member)),
                None => item.remove("Member_Account"),
            }
        });
        Ok(Happening { body, by })
    }

    /// Which seat, and who caused it: the owner where one has to ask for a seat.
    fn take_seat(&mut self, step: &Step, rng: &mut Rng) -> Result<(usize, usize), String> {
        let standing = self.inside().into_iter().filter(|member| !self.is_seated(*member));
        let member = choose(step.member, standing.collect(), rng)
            .ok_or("nobody is in the room without a seat")?;
        let seat = self.choose_seat(false, rng).ok_or("no seat is free")?;
        self.seats[seat].occupant = Some(member);
        let is_free = self.take_seat_mode == TAKE_SEAT_MODES[0];
        Ok((seat, if is_free { member } else { 0 }))
    }

    fn leave_seat(&mut self, step: &Step, rng: &mut Rng) -> Result<(usize, usize), String> {
        let seated = self.seats.iter().filter_map(|seat| seat.occupant);
        let member = choose(step.member, seated.collect(), rng).ok_or("nobody has a seat")?;
        let seat = self.seat_of(member).ok_or("nobody has a seat")?;
        self.seats[seat].occupant = None;
        Ok((seat, member))
    }

    fn lock_seat(&mut self, is_locking: bool, rng: &mut Rng) -> Result<usize, String> {
        let seat = self.choose_seat(!is_locking, rng).ok_or(match is_locking {
            true => "no free seat is left to lock",
            false => "no seat is locked",
        })?;
        self.seats[seat].is_locked = is_locking;
        Ok(seat)
    }

    /// A seat that nobody has, and that is locked or not.
    fn choose_seat(&self, is_locked: bool, rng: &mut Rng) -> Option<usize> {
        let is_free = |seat: &Seat| seat.occupant.is_none() && seat.is_locked == is_locked;
        choose(None, (0..SEATS).filter(|index| is_free(&self.seats[*index])).collect(), rng)
    }

    fn destroy(&mut self) -> Happening {
        self.life = Life::Over;
        let mut body = Body::of(Command::RoomAfterDestroyRoom);
        body.put("Operator_Account", self.account(0));
        body.put("RoomId", &self.room_id);
        Happening { body, by: 0 }
    }
}

impl World for Meeting {
    fn id(&self) -> &str {
        &self.room_id
    }

    fn people(&self) -> &[Person] {
        &self.people
    }

    fn happen(&mut self, step: &Step, now_ms: u64, rng: &mut Rng) -> Result<Happening, String> {
        if step.command == Command::RoomAfterCreateRoom {
            return self.create(now_ms, rng);
        }
        if !matches!(self.life, Life::Running { .. }) {
            return Err("there is no room: it is not created yet, or destroyed".to_owned());
        }
        match step.command {
            Command::RoomAfterUpdateRoomInfo => Ok(self.update(rng)),
            Command::RoomAfterMemberEnter => self.enter(step, rng),
            Command::RoomAfterMemberLeave => self.leave(step, rng),
            Command::MicAfterSeatInfoChanged => self.seat(step, rng),
            Command::RoomAfterDestroyRoom => Ok(self.destroy()),
            _ => Err(format!("{} is no event of a meeting", step.word)),
        }
    }

    fn direct(diary: &mut Diary<'_, Meeting>) -> Result<(), String> {
        meeting_director::direct(diary)
    }
}
