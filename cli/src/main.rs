//! The `tc-callback` command.

fn main() -> std::process::ExitCode {
    tc_callback_cli::run()
}
