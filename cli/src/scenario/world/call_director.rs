//! What happens in a call: it is answered or not, people talk, and it ends.

use tc_callback::catalog::Command;

use super::{Call, Diary, Step, World, once_in};

/// How long a phone rings.
const RING_MS: u64 = 30_000;

/// Notes a whole call.
pub fn direct(diary: &mut Diary<'_, Call>, is_recorded: bool) -> Result<(), String> {
    diary.note(0, &Step::new(Command::CallAfterStartCall))?;
    if diary.world.people().len() == 2 {
        if let Some(result) = unanswered(diary) {
            return end(diary, Some(result));
        }
    }
    answer(diary)?;
    if diary.world.callers().len() > 1 {
        if is_recorded {
            let wait = diary.between(500, 3000);
            diary.note(wait, &Step::new(Command::CallAfterRecordChanged))?;
        }
        invite(diary)?;
        let talk = diary.between(5000, 600_000);
        // The line breaks for all at once.
        if once_in(diary.rng, 12) {
            return diary.note(talk, &Step::new(Command::CallAfterEndCall).action("Interrupt"));
        }
        hang_up(diary, talk)?;
    }
    end(diary, None)
}

fn change(action: &str) -> Step {
    Step::new(Command::CallAfterMemberChanged).action(action)
}

/// The result of a call between two that nobody answers, declines or lets ring.
fn unanswered(diary: &mut Diary<'_, Call>) -> Option<&'static str> {
    match diary.rng.u8(..10) {
        0 => Some("Cancel"),
        1 => Some("CallBusy"),
        _ => None,
    }
}

/// Everyone who is called answers, declines or lets it ring.
fn answer(diary: &mut Diary<'_, Call>) -> Result<(), String> {
    let mut called = diary.world.waiting();
    diary.rng.shuffle(&mut called);
    let mut silent = Vec::new();
    let mut rung = 0;
    for member in called {
        let action = match diary.rng.u8(..8) {
            0 => "Reject",
            1 => {
                silent.push(member);
                continue;
            }
            _ => "Accept",
        };
        let wait = diary.between(300, 4000);
        rung += wait;
        diary.note(wait, &change(action).member(member))?;
    }
    let mut wait = RING_MS.saturating_sub(rung).max(1);
    for member in silent {
        diary.note(wait, &change("NotAnswer").member(member))?;
        wait = 1;
    }
    Ok(())
}

/// Those who were not called at the start are asked in, or come by themselves.
fn invite(diary: &mut Diary<'_, Call>) -> Result<(), String> {
    for member in diary.world.called()..diary.world.people().len() {
        let wait = diary.between(1000, 60_000);
        if once_in(diary.rng, 3) {
            diary.note(wait, &change("Join").member(member))?;
            continue;
        }
        diary.note(wait, &change("Invite").member(member))?;
        let answer = ["Accept", "Accept", "Reject", "Cancel_Invite"][diary.rng.usize(..4)];
        let wait = diary.between(1000, 20_000);
        diary.note(wait, &change(answer).member(member))?;
    }
    Ok(())
}

/// One after the other goes until one is left.
fn hang_up(diary: &mut Diary<'_, Call>, talk: u64) -> Result<(), String> {
    let mut callers = diary.world.callers();
    diary.rng.shuffle(&mut callers);
    let mut wait = talk;
    for member in callers.into_iter().skip(1) {
        let action = if once_in(diary.rng, 8) { "Offline" } else { "Hangup" };
        diary.note(wait, &change(action).member(member))?;
        wait = diary.between(200, 30_000);
    }
    Ok(())
}

fn end(diary: &mut Diary<'_, Call>, result: Option<&str>) -> Result<(), String> {
    let step = Step::new(Command::CallAfterEndCall);
    let (wait, step) = match result {
        Some(result) => (diary.between(500, 20_000), step.action(result)),
        None => (diary.between(1, 50), step),
    };
    diary.note(wait, &step)
}
