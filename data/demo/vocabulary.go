package demo

import "strings"

// district is a place values are reported for, with what the generator needs of it.
type district struct {
	code      string
	name      string
	short     string
	park      string // a development zone inside it that lists name instead of the district
	parkFull  string
	office    int32  // division code of its registering office
	oldOffice string // the office's code in 15-digit numbers
	firms     int    // share of all enterprises, in thousandths
	strength  int    // how much likelier than average its firms are recognised, in percent
	streets   []string
}

const cityCode = "320100"

// jiangbei is the index of 江北新区, the functional area without a division code.
const jiangbei = 11

var districts = [12]district{
	{"320102", "玄武区", "玄武", "", "", 320102, "320102", 72, 80, []string{"新街口街道珠江路", "锁金村街道板仓街", "红山街道黄家圩路"}},
	{"320104", "秦淮区", "秦淮", "", "", 320104, "320103", 100, 85, []string{"洪武路街道建邺路", "光华路街道永智路", "朝天宫街道莫愁路"}},
	{"320105", "建邺区", "建邺", "", "", 320105, "320105", 82, 90, []string{"沙洲街道江东中路", "双闸街道嘉陵江东街", "兴隆街道奥体大街"}},
	{"320106", "鼓楼区", "鼓楼", "", "", 320106, "320107", 104, 80, []string{"湖南路街道中山北路", "幕府山街道幕府东路", "华侨路街道汉中路"}},
	{"320111", "浦口区", "浦口", "", "", 320111, "320122", 68, 90, []string{"江浦街道浦滨路", "桥林街道步月路", "永宁街道侯冲路"}},
	{"320113", "栖霞区", "栖霞", "南京开发区", "南京经济技术开发区", 320113, "320113", 84, 110, []string{"马群街道紫东路", "仙林街道元化路", "尧化街道甘家边东"}},
	{"320114", "雨花台区", "雨花台", "", "", 320114, "320114", 78, 170, []string{"宁南街道软件大道", "铁心桥街道凤展路", "板桥街道凤集大道"}},
	{"320115", "江宁区", "江宁", "江宁开发区", "江宁经济技术开发区", 320115, "320121", 168, 165, []string{"秣陵街道将军大道", "东山街道上元大街", "麒麟街道智汇路", "滨江开发区宝象路"}},
	{"320116", "六合区", "六合", "", "", 320116, "320123", 58, 70, []string{"雄州街道园林西路", "龙池街道时代大道", "葛塘街道葛中路"}},
	{"320117", "溧水区", "溧水", "", "", 320117, "320124", 52, 90, []string{"永阳街道珍珠南路", "柘塘街道滨淮大道", "石湫街道石湫大道"}},
	{"320118", "高淳区", "高淳", "", "", 320118, "320125", 34, 45, []string{"淳溪街道宝塔路", "古柏街道双联路", "漆桥街道茅山路"}},
	{"320191", "江北新区", "江北", "", "", 320191, "320111", 100, 160, []string{"泰山街道星火路", "盘城街道新科二路", "研创园团结路", "大厂街道新华路"}},
}

// anonymousRoads name no district.
var anonymousRoads = []string{"科创路", "创新大道", "迎宾大道", "文昌巷", "星汉路", "长虹路"}

// trade is what a firm does: the word in its name and the registry's industry.
type trade struct {
	word     string
	industry string
	strength int // how likely it is recognised, in percent of the average
	scope    string
}

var trades = []trade{
	{"精密机械", "制造业", 190, "机械零件加工，通用设备制造，模具制造"},
	{"智能装备", "制造业", 230, "智能基础制造装备制造，工业机器人制造"},
	{"自动化设备", "制造业", 200, "工业自动控制系统装置制造，仪器仪表销售"},
	{"电子科技", "制造业", 190, "电子元器件制造，集成电路设计"},
	{"电气", "制造业", 180, "输配电及控制设备制造，电力电子元器件销售"},
	{"新材料", "制造业", 220, "新材料技术研发，高性能纤维及复合材料制造"},
	{"生物医药", "制造业", 200, "药品生产，医学研究和试验发展"},
	{"医疗器械", "制造业", 170, "第二类医疗器械生产，医疗器械研发"},
	{"轨道交通装备", "制造业", 180, "轨道交通专用设备、关键系统及部件销售"},
	{"汽车零部件", "制造业", 160, "汽车零部件及配件制造"},
	{"光电", "制造业", 190, "光电子器件制造，光学仪器制造"},
	{"环保设备", "制造业", 150, "环境保护专用设备制造，水污染治理"},
	{"化工", "制造业", 110, "专用化学产品制造（不含危险化学品）"},
	{"食品", "制造业", 40, "食品生产，食品销售"},
	{"软件", "信息传输、软件和信息技术服务业", 200, "软件开发，信息系统集成服务"},
	{"信息技术", "信息传输、软件和信息技术服务业", 180, "信息技术咨询服务，数据处理和存储支持服务"},
	{"数据服务", "信息传输、软件和信息技术服务业", 150, "互联网数据服务，大数据服务"},
	{"人工智能", "信息传输、软件和信息技术服务业", 190, "人工智能应用软件开发，人工智能理论与算法软件开发"},
	{"检测技术", "科学研究和技术服务业", 150, "检验检测服务，认证服务"},
	{"工程技术", "科学研究和技术服务业", 110, "工程和技术研究和试验发展，工程管理服务"},
	{"能源科技", "科学研究和技术服务业", 150, "新兴能源技术研发，储能技术服务"},
	{"农业发展", "农、林、牧、渔业", 40, "谷物种植，农业专业及辅助性活动"},
	{"建筑工程", "建筑业", 20, "建设工程施工，建筑劳务分包"},
	{"装饰工程", "建筑业", 10, "住宅室内装饰装修，园林绿化工程施工"},
	{"商贸", "批发和零售业", 4, "日用百货销售，五金产品零售，互联网销售（除销售需要许可的商品）"},
	{"贸易", "批发和零售业", 4, "货物进出口，技术进出口，国内贸易代理"},
	{"建材", "批发和零售业", 4, "建筑材料销售，金属材料销售"},
	{"餐饮管理", "住宿和餐饮业", 1, "餐饮管理，餐饮服务"},
	{"酒店管理", "住宿和餐饮业", 1, "酒店管理，住宿服务"},
	{"物流", "交通运输、仓储和邮政业", 12, "道路货物运输（不含危险货物），普通货物仓储服务"},
	{"供应链管理", "租赁和商务服务业", 12, "供应链管理服务，装卸搬运"},
	{"企业管理咨询", "租赁和商务服务业", 3, "企业管理咨询，社会经济咨询服务"},
	{"人力资源", "租赁和商务服务业", 5, "劳务派遣服务，人力资源服务"},
	{"文化传媒", "文化、体育和娱乐业", 6, "组织文化艺术交流活动，广告制作"},
	{"教育咨询", "教育", 3, "教育咨询服务（不含涉许可审批的教育培训活动）"},
	{"物业管理", "房地产业", 2, "物业管理，停车场服务"},
}

// Brand characters. 喆 and 䶮 are what ordinary GBK readers stumble over; 龴 needs
// the 2022 table. The three pools share no character with each other or with the
// first characters of trades, so that a name falls apart in one way only.
var (
	brandFirst  = strings.Split("瑞 恒 泰 宏 鼎 盛 嘉 博 凯 华 润 金 诺 威 远 天 中 科 德 合 汇 欣 锦 聚 晟 铭 卓 拓 骏 翔 鸿 裕 祥 旭 昊 朗 睿 启 辰 云 海 江 苏 宁 紫 钟 栖 秦 淮 玄 喆 犇 东 南 西 北 三 九 百 万", " ")
	brandSecond = strings.Split("达 通 利 丰 隆 兴 茂 安 康 宇 航 腾 飞 跃 升 阳 星 晖 耀 灿 澜 涛 源 泽 洋 峰 岳 岩 石 玉 珏 琪 琳 瑾 璟 诚 信 仁 义 礼 智汇 德邦 善 和 平 正 方 圆 明 亮 清 洁 美 佳 优 胜 捷 迅 雅 韵", " ")
	brandThird  = append([]string{""}, strings.Split("朔 赫 冠 尚 帆 舟 桥 塔 林 森 松 柏 桐 枫 梅 兰 竹 菊 荷 莲 鹤 鹏 雁 燕 鲲 麒 麟 骐 骥 䶮 龴 川 渝 蜀 湘 粤 闽 晋 鲁 豫", " ")...)
)

// nameSpace is how many distinct names nameAt can make.
var nameSpace = uint64(len(brandFirst) * len(brandSecond) * len(brandThird) * len(trades) * 4)

// tradeAt and nameAt take a name number apart: trade, form and three brand characters.
func tradeAt(n uint64) trade { return trades[n%uint64(len(trades))] }

func nameAt(n uint64) string {
	next := func(size int) int {
		k := int(n % uint64(size))
		n /= uint64(size)
		return k
	}
	word := trades[next(len(trades))].word
	form := next(4)
	brand := brandFirst[next(len(brandFirst))] + brandSecond[next(len(brandSecond))] + brandThird[next(len(brandThird))]
	switch form {
	case 0:
		return "南京" + brand + word + "有限公司"
	case 1:
		return "江苏" + brand + word + "有限公司"
	case 2:
		return brand + "（南京）" + word + "有限公司"
	}
	return "南京" + brand + word + "股份有限公司"
}

var (
	surnames = strings.Split("王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 欧阳 上官 尉迟 召 仝 亓 逄", " ")
	given    = strings.Split("甲一 乙二 丙三 丁四 戊五 己六 庚七 辛八 壬九 癸十 子鼠 丑牛 寅虎 卯兔 辰龙 巳蛇 午马 未羊 申猴 酉鸡 戌狗 亥猪 试样 示例", " ")
	// rare stand in for the names that break weak decoders: two-byte codes the 2022
	// edition of GB 18030 moved, four-byte ones, and one beyond the basic plane.
	rare = []string{"龴示例", "王喆", "李䶮", "赵𬭎", "𠂇示例", "张㛃", "龵试样", "陈镕垚"}
)

// personName is visibly made up: stems, branches and their numbers.
func personName(r *rng) string {
	if r.chance(4) {
		return pick(r, rare)
	}
	return pick(r, surnames) + pick(r, given)
}
