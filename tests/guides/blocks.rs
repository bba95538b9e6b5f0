//! The fenced blocks of a Markdown text: commands, and the answers that follow them.

/// One block of commands with the answer that the text shows for the last of them.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The line of its fence, counted from 1.
    pub(super) line: usize,
    /// Each whole, however many lines it has. Empty for an answer without a command.
    pub(super) commands: Vec<String>,
    pub(super) answer: Option<Shown>,
    /// Why it is not run; from `<!-- no-run: reason -->` before it.
    pub(super) not_run: Option<String>,
}

/// An answer as the text shows it; `…` stands for what is left out.
#[derive(Debug)]
pub(super) enum Shown {
    Json(String),
    Text(String),
}

pub(super) fn read_blocks(markdown: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut not_run = None;
    // Whether nothing but empty lines came since the last block of commands.
    let mut follows = false;
    let mut lines = markdown.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let text = line.trim_start();
        if let Some(reason) = text.strip_prefix("<!-- no-run:") {
            not_run = Some(reason.trim_end_matches("-->").trim().to_owned());
            continue;
        }
        let Some(language) = text.strip_prefix("```") else {
            follows &= text.is_empty();
            continue;
        };
        let inside: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim_start().starts_with("```"))
            .collect();
        let content = inside.join("\n");
        let shown = match language {
            "sh" => {
                blocks.push(Block {
                    line: number + 1,
                    commands: split_commands(&inside),
                    not_run: not_run.take(),
                    ..Block::default()
                });
                follows = true;
                continue;
            }
            "json" => Shown::Json(content),
            "text" => Shown::Text(content),
            // Structure and code: no answer of a command.
            _ => continue,
        };
        match blocks.last_mut() {
            Some(block) if follows && not_run.is_none() => block.answer = Some(shown),
            _ => blocks.push(Block {
                line: number + 1,
                answer: Some(shown),
                not_run: not_run.take(),
                ..Block::default()
            }),
        }
        follows = false;
    }
    blocks
}

/// Commands go on over lines inside quotes and after a backslash.
fn split_commands(lines: &[&str]) -> Vec<String> {
    let mut commands = Vec::new();
    let mut current = String::new();
    let mut quote = None;
    for line in lines {
        if !current.is_empty() {
            current.push('\n');
        }
        current.push_str(line);
        let mut before = ' ';
        for character in line.chars() {
            match (quote, character) {
                (None, '#') if before.is_whitespace() => break,
                (None, '\'' | '"') => quote = Some(character),
                (Some(open), character) if open == character && before != '\\' => quote = None,
                _ => {}
            }
            before = character;
        }
        if quote.is_none() && !line.ends_with('\\') {
            let command = std::mem::take(&mut current);
            if !command.trim().is_empty() && !command.trim_start().starts_with('#') {
                commands.push(command);
            }
        }
    }
    commands
}
