-- What the audit finds, one row per payment and finding, with the amount in question in
-- 元. enforced is false under a draft: such findings are reported, nobody is asked to
-- pay back.
with found as (
    select payment_no, batch_id, row_no, 'over_cap' as finding, over_cap as amount from mart.award_audit where over_cap > 0
    union all
    select payment_no, batch_id, row_no, 'over_entitlement', over_entitlement from mart.award_audit where over_entitlement > 0
    union all
    select payment_no, batch_id, row_no, 'no_basis', amount from mart.award_audit where no_basis
    union all
    select payment_no, batch_id, row_no, 'past_window', amount from mart.award_audit where past_window
    union all
    select payment_no, batch_id, row_no, 'paid_by_twin', amount from mart.award_audit where paid_by_twin
    union all
    select payment_no, batch_id, row_no, 'paid_again', amount from mart.award_audit where same_as is not null
    union all
    select payment_no, batch_id, row_no, 'rule_unknown', amount from mart.award_audit where rule_unknown
    union all
    select payment_no, batch_id, row_no, 'payee_unknown', amount from mart.award_audit where payee_unknown
    union all
    select payment_no, batch_id, row_no, 'payee_inactive', amount from mart.award_audit where payee_inactive
    union all
    select payment_no, batch_id, row_no, 'ineligible', amount from mart.award_audit where ineligible
    union all
    select g.payment_no, g.batch_id, g.row_no, 'no_grade', g.amount
    from mart.award_grade g
    join mart.award_audit a on a.batch_id = g.batch_id and a.row_no = g.row_no
    where not g.shown
      and not a.no_project -- without its number the project's grade cannot be looked up
    union all
    select payment_no, batch_id, row_no, 'untitled_lead', amount from mart.award_audit where untitled_lead
    union all
    select payment_no, batch_id, row_no, 'no_project', amount from mart.award_audit where no_project and not no_round
    union all
    select payment_no, batch_id, row_no, 'no_round', amount from mart.award_audit where no_round
    union all
    select payment_no, batch_id, row_no, 'more_than_once', amount from mart.award_audit where more_than_once
    union all
    select payment_no, batch_id, row_no, 'twice_a_year', amount from mart.award_audit where twice_a_year
    union all
    select payment_no, batch_id, row_no, 'over_two_years', amount from mart.award_audit where over_two_years
)
select
    f.payment_no,
    a.jurisdiction_code,
    f.finding,
    w.words,
    f.amount,
    a.enforced,
    a.rule_id,
    a.payee_name,
    a.subject_id,
    a.region_code,
    a.paid_on,
    a.batch_id,
    a.row_no
from found f
join mart.award_audit a on a.batch_id = f.batch_id and a.row_no = f.row_no
join (
    values
        ('over_cap', '累计兑付超过封顶'),
        ('over_entitlement', '累计兑付超过按核定基数应付'),
        ('no_basis', '缺少核定基数，无法核算应付'),
        ('past_window', '超过兑付期限'),
        ('paid_by_twin', '同一项目已按另一文件同一规则兑付'),
        ('paid_again', '同一单位同一项目 30 日内同额重复兑付'),
        ('rule_unknown', '政策条款未对应规则'),
        ('payee_unknown', '收款单位不在登记库、高校和联合体名录'),
        ('payee_inactive', '兑付日收款单位已注销、吊销、摘牌或迁出'),
        ('ineligible', '兑付日收款单位不具备规则要求的资格'),
        ('no_grade', '兑付日没有规则要求等次的评价结果'),
        ('untitled_lead', '兑付日牵头企业不具备规则要求的资格'),
        ('no_project', '项目编号缺失，按收款单位、规则和批次归并（同名批次跨年且相隔半年以上的另作一批）'),
        ('no_round', '项目编号、批次均缺失，按收款单位和规则归并（跨年且相隔半年以上的另作一笔）'),
        ('more_than_once', '一次性奖补再次兑付'),
        ('twice_a_year', '每年一次的奖补当年再次兑付'),
        ('over_two_years', '同一批奖补跨年度兑付，按首次兑付年度合计封顶')
) as w (finding, words) on w.finding = f.finding
