-- One row per set of recognition rules and the time it is in force. Counts on either side
-- of a change are not the same thing: from 2026-04-01 the base tier is 科技和创新型中小企业
-- and takes in 科技型中小企业 (工信部企业〔2026〕2号); before, 工信部企业〔2022〕63号.
select rule, title, valid_from, valid_to
from (
    values
        ('2022', '优质中小企业梯度培育管理暂行办法', date '2022-06-01', date '2026-04-01'),
        ('2026', '优质中小企业梯度培育管理办法', date '2026-04-01', date '9999-12-31')
) as r (rule, title, valid_from, valid_to)
