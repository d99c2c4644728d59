//! What the browser runs: all of it, and nothing else. Compiled twice, for the server's HTML and for WebAssembly.
//!
//! An island is a behaviour around server-rendered children. It takes strings and ids, and everything works without it.

mod console;
mod copy_button;
mod copy_page;
mod fetch;
mod list_filter;
mod menu_filter;
mod palette;
mod tab_tool;
mod unfolding;

pub use console::Console;
pub use copy_button::CopyButton;
pub use copy_page::CopyPage;
pub use list_filter::ListFilter;
pub use menu_filter::MenuFilter;
pub use palette::Palette;
pub use tab_tool::TabTool;
pub use unfolding::Unfolding;
