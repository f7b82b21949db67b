select *
from (values
    ('plain', 'a "quote", a comma', 1),
    ('=1+1', E'two\nlines', 2),
    ('', null, 3),
    (chr(27) || '[31mred', E'tab\tand ‮reversed', 4),
    ('<b>&amp;</b>', ' leading', 5),
    ('名称（全角）', '𠂇龴', 6)) as t (a, b, n)
order by n
