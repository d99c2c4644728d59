-- A logo is drawn from letters, or is the portal's own mark: a drawing that somebody uploads can carry a script.

alter table setting drop column logo_svg;
alter table setting
    add column logo_letters text null constraint setting_logo_letters_length check (char_length(logo_letters) between 1 and 3);
