//! The `tc-callback` command. It is a library, too, so that tests can run the [`emulator`] in their own process.

pub mod emulator;

mod account;
mod clock;
mod command_word;
mod config;
mod delivery;
mod duration;
mod emulate;
mod ending;
mod failure;
mod fault;
mod generate;
mod input;
mod inspect;
mod inspector;
mod json;
mod listen;
mod parse;
mod progress;
mod recording;
mod replay;
mod sample;
mod scenario;
mod secret;
mod target;
mod terminal;
mod torture;
mod trigger;
mod usersig;
mod whole_file;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::WRONG_CALL;

const EXAMPLES: &str = "\
Examples:
  tc-callback emulate                          Tencent's side, on this machine
  tc-callback config ensure conference --all --url http://127.0.0.1:8080/callback
  tc-callback trigger AfterUpdateRoomInfo --set RoomInfo.RoomName=Stand-up
  tc-callback trigger --list                   the events there are
  tc-callback trigger --torture --to URL       is this back end right, whatever it is made with?
  tc-callback scenario meeting --rooms 50      a world of events
  tc-callback listen --record calls.jsonl      receive callbacks, and keep them
  tc-callback replay calls.jsonl --to URL      send them again
  tc-callback inspect 'http://...&Sign=...'    what is wrong with it?

Exit codes:
  0  done, and the reply was right
  1  the operation failed, the reply was wrong, or what was inspected is
  2  the command was called wrongly";

/// Configure and try Tencent RTC's server-side callbacks, with or without Tencent.
#[derive(Parser)]
#[command(name = "tc-callback", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli<S: Subcommand> {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    #[command(subcommand)]
    subcommand: S,
}

/// The tools and what only an installation calls: completions would show a hidden tool all the same.
#[derive(Subcommand)]
enum AnyTool {
    #[command(flatten)]
    Tool(Box<Tool>),
    #[command(hide = true)]
    Generate(generate::Generate),
}

#[derive(Subcommand)]
enum Tool {
    Emulate(emulate::Emulate),
    Trigger(trigger::Trigger),
    Scenario(scenario::Scenario),
    Listen(listen::Listen),
    Replay(replay::Replay),
    Inspect(inspect::Inspect),
    #[command(subcommand)]
    Config(config::Config),
    #[command(subcommand, name = "usersig")]
    UserSig(usersig::UserSig),
    Parse(parse::Parse),
}

impl Tool {
    fn run(self) -> failure::Result<()> {
        match self {
            Tool::Emulate(emulate) => emulate.run(),
            Tool::Trigger(trigger) => trigger.run(),
            Tool::Scenario(scenario) => scenario.run(),
            Tool::Listen(listen) => listen.run(),
            Tool::Replay(replay) => replay.run(),
            Tool::Inspect(inspect) => inspect.run(),
            Tool::Config(config) => config.run(),
            Tool::UserSig(usersig) => usersig.run(),
            Tool::Parse(parse) => parse.run(),
        }
    }
}

/// Runs the command with the arguments of this process.
pub fn run() -> ExitCode {
    let cli = match Cli::<AnyTool>::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            terminal::usage(secret::blot(&error.render().ansi().to_string()));
            return ExitCode::from(WRONG_CALL);
        }
        Err(help) => help.exit(),
    };
    cli.color.write_global();
    let result = match cli.subcommand {
        AnyTool::Tool(tool) => tool.run(),
        AnyTool::Generate(generate) => generate.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::error(secret::blot(failure.message()));
            ExitCode::from(failure.exit_code())
        }
    }
}
