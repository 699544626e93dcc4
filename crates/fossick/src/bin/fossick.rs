//! The program that people start.

fn main() -> std::process::ExitCode {
    fossick::main()
}
