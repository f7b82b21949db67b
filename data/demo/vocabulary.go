package demo

import "strings"

const cityCode = "320100"

// jiangbei is the index of 江北新区, the functional area without a division code.
const jiangbei = 11

// anonymousRoads name no district.
var anonymousRoads = []string{"科创路", "创新大道", "迎宾大道", "文昌巷", "星汉路", "长虹路"}

// Brand characters. 喆 and 䶮 are what ordinary GBK readers stumble over; 龴 needs
// the 2022 table. The three pools share no character with each other or with the
// first characters of trades, so that a name falls apart in one way only.
var (
	brandFirst = strings.Split("瑞 恒 泰 宏 鼎 盛 嘉 博 凯 华 润 金 诺 威 远 天 中 科 德 合 汇 欣 锦 聚 晟 铭 "+
		"卓 拓 骏 翔 鸿 裕 祥 旭 昊 朗 睿 启 辰 云 海 江 苏 宁 紫 钟 栖 秦 淮 玄 喆 犇 东 南 西 北 三 九 百 万", " ")
	brandSecond = strings.Split("达 通 利 丰 隆 兴 茂 安 康 宇 航 腾 飞 跃 升 阳 星 晖 耀 灿 澜 涛 源 泽 洋 峰 岳 "+
		"岩 石 玉 珏 琪 琳 瑾 璟 诚 信 仁 义 礼 智汇 德邦 善 和 平 正 方 圆 明 亮 清 洁 美 佳 优 胜 捷 迅 雅 韵", " ")
	brandThird = append([]string{""}, strings.Split("朔 赫 冠 尚 帆 舟 桥 塔 林 森 松 柏 桐 枫 梅 兰 竹 菊 荷 莲 "+
		"鹤 鹏 雁 燕 鲲 麒 麟 骐 骥 䶮 龴 川 渝 蜀 湘 粤 闽 晋 鲁 豫", " ")...)
)

func tradeWord(r *rng) string { return pick(r, stories().Trades).Word }

// nameSpace is how many distinct names nameAt can make.
func nameSpace() uint64 {
	return uint64(len(brandFirst) * len(brandSecond) * len(brandThird) * len(stories().Trades) * 4)
}

// tradeAt and nameAt take a name number apart: trade, form and three brand characters.
func tradeAt(n uint64) trade { return stories().Trades[n%uint64(len(stories().Trades))] }

func nameAt(n uint64) string {
	next := func(size int) int {
		k := int(n % uint64(size))
		n /= uint64(size)
		return k
	}
	word := stories().Trades[next(len(stories().Trades))].Word
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
