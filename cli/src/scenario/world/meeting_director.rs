//! What happens in a meeting: everyone comes, things change, and it ends.

use tc_callback::catalog::Command;

use super::{Diary, Meeting, Step, World, once_in};

/// Notes a whole meeting.
pub fn direct(diary: &mut Diary<'_, Meeting>) -> Result<(), String> {
    diary.note(0, &Step::new(Command::RoomAfterCreateRoom))?;
    let wait = diary.between(200, 2000);
    diary.note(wait, &Step::new(Command::RoomAfterMemberEnter).member(0))?;
    for step in agenda(diary) {
        let is_leaving = step.command == Command::RoomAfterMemberLeave;
        let wait = diary.between(500, 20_000);
        match step.member.filter(|_| is_leaving) {
            Some(member) => leave(diary, wait, member, &step)?,
            // What cannot be at that moment is not done: nobody takes a seat before coming.
            None => drop(diary.note(wait, &step)),
        }
    }
    end(diary)
}

/// Everyone's coming and some of what can happen between, in any order.
fn agenda(diary: &mut Diary<'_, Meeting>) -> Vec<Step> {
    let member_count = diary.world.people().len();
    let seat = |action: &str| Step::new(Command::MicAfterSeatInfoChanged).action(action);
    let mut steps: Vec<Step> = (1..member_count)
        .map(|member| Step::new(Command::RoomAfterMemberEnter).member(member))
        .collect();
    for _ in 0..=diary.rng.usize(..=member_count / 2) {
        steps.push(Step::new(Command::RoomAfterUpdateRoomInfo));
        steps.push(seat("Take"));
        steps.push(seat("Leave"));
        steps.push(seat("Take"));
        steps.push(seat("Lock"));
        steps.push(seat("Unlock"));
    }
    for change in ["Leave", "Kicked", "Expired"] {
        let member = diary.rng.usize(1..member_count);
        steps.push(Step::new(Command::RoomAfterMemberLeave).action(change).member(member));
        steps.push(Step::new(Command::RoomAfterMemberEnter).member(member));
    }
    diary.rng.shuffle(&mut steps);
    steps
}

/// Lets a member go, if inside: off the seat first.
fn leave(
    diary: &mut Diary<'_, Meeting>,
    wait: u64,
    member: usize,
    step: &Step,
) -> Result<(), String> {
    if !diary.world.inside().contains(&member) {
        return Ok(());
    }
    let mut wait = wait;
    if diary.world.is_seated(member) {
        let seat = Step::new(Command::MicAfterSeatInfoChanged).action("Leave").member(member);
        diary.note(wait, &seat)?;
        wait = diary.between(1, 50);
    }
    diary.note(wait, step)
}

/// All leave, the owner last; or the owner dismisses those who are still there.
fn end(diary: &mut Diary<'_, Meeting>) -> Result<(), String> {
    if !once_in(diary.rng, 3) {
        for member in diary.world.inside() {
            let wait = diary.between(100, 5000);
            let step = Step::new(Command::RoomAfterMemberLeave).member(member);
            leave(diary, wait, member, &step)?;
        }
    }
    let wait = diary.between(50, 3000);
    diary.note(wait, &Step::new(Command::RoomAfterDestroyRoom))
}
