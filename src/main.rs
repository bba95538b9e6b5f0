//! The program: reads the settings, starts the log, runs the command.

fn main() -> std::process::ExitCode {
    eduaccord::cli::run()
}
