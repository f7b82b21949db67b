// Package demo makes up a Nanjing that never was and writes what its bureaus
// would export: the same defects, words and layouts as real exports, and beside
// them truth.json, the values every KPI must have.
//
// The truth is computed from the city's own events (who was recognised when,
// who joined which firm on which day), never by reading the files back and never
// by the pipeline: it is what the pipeline is measured against. Persons are
// numbers like RC2024000123 with made-up names; enterprises are made up too,
// but their codes carry real check characters.
//
// How it is laid out:
//
//	demo.go          Write: options in, files out, in parallel
//	stories/*.yaml   plans, places, rhythms and scripted stories; all else is drawn by lot
//	city.go          enterprises, and what happens to them: recognition.go people.go money.go award.go nj_*.go park*.go
//	province*.go     黑龙江, consortium*.go 南通's consortia, entry.go the ledgers that offices keep
//	puzzle.go        rows that name an enterprise so that nobody could be sure; late.go what comes after a quarter was closed
//	exports.yaml     what exports look like where their contracts leave it open; look.go puts the two together
//	*export*.go      what each thing says, by the columns of its contract; table.go csv.go xlsx.go how a file is written
//	figures.yaml     the figures that the truth knows; ledger.go and *truth.go compute them
package demo
