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
//	demo.go           Write: options in, files out, in parallel
//	city.go           enterprises and what the registry says of them at each quarter end
//	vocabulary.go     names, streets, districts
//	codes.go          credit codes, registration numbers and their check characters
//	plan.go           how the city grows: the published figures it is calibrated to
//	recognition.go    who is recognised at which tier, quarter by quarter
//	people.go         placements, deputies, professors, doctors, technology managers
//	agreement.go      school-enterprise agreements
//	money.go          technology contracts and award payouts
//	foreign.go        contracts in foreign currencies and the office's rates
//	budget.go         what articles may spend in a year
//	award.go          what awards are reckoned from, and what is wrong with some payouts
//	nj_*.go           what Nanjing's two documents ask for beside these: institutions, funds, licences, libraries, the office's ledgers
//	province*.go      黑龙江 and its “千校万企” plan: events, ledgers, exports and values of their own
//	park*.go          the “双高协同” plan: 28 parks, platforms, talents, tracks, tasks; events, ledgers and values of their own
//	consortium*.go    南通's consortia: how each year is to go, the evidence for it, exports, values and scorecards
//	arrival.go        the day each file comes on, and how bureaus kept to their periods
//	announce.go       the lists recognitions are announced on, and what is wrong in them
//	mention.go        how a row names an enterprise
//	puzzle.go         rows that name one so that nobody could be sure, and the truth about names
//	truth.go          the values
//	export_*.go       one bureau's files each
//	table.go csv.go xlsx.go gb18030.go   how a file is written
package demo
