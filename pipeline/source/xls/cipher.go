package xls

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
)

// defaultPassword is the one with which Excel encrypts a workbook that is only
// protected against changes: it opens such a file without asking
// ([MS-XLS] 2.2.10).
const defaultPassword = "VelvetSweatshop"

// biffCipher undoes the RC4 encryption of a workbook ([MS-OFFCRYPTO] 2.3.6):
// every 1,024 bytes of the stream have a key of their own.
type biffCipher struct {
	key   [5]byte
	block int64 // whose key stream is at hand; -1: none
	mask  [cipherBlock]byte
}

const cipherBlock = 1024

// newCipher reads a FILEPASS record; nil if the workbook has another password
// or another encryption.
func newCipher(b []byte) *biffCipher {
	le := binary.LittleEndian
	if len(b) < 54 || le.Uint16(b) != 1 || le.Uint16(b[2:]) != 1 || le.Uint16(b[4:]) != 1 {
		return nil
	}
	salt, verifier, hash := b[6:22], bytes.Clone(b[22:38]), bytes.Clone(b[38:54])
	var password []byte
	for _, c := range defaultPassword {
		password = append(password, byte(c), 0)
	}
	first := md5.Sum(password)
	var repeated []byte
	for range 16 {
		repeated = append(append(repeated, first[:5]...), salt...)
	}
	second := md5.Sum(repeated)
	c := &biffCipher{block: -1}
	copy(c.key[:], second[:])
	c.undo(verifier, 0)
	c.undo(hash, 16)
	if md5.Sum(verifier) != [md5.Size]byte(hash) {
		return nil
	}
	return c
}

// undo decrypts b, which stands at an offset of the stream, in place.
func (c *biffCipher) undo(b []byte, at int64) {
	for i := range b {
		pos := at + int64(i)
		if block := pos / cipherBlock; block != c.block {
			c.block = block
			key := md5.Sum(binary.LittleEndian.AppendUint32(bytes.Clone(c.key[:]), uint32(block)))
			clear(c.mask[:])
			stream, _ := rc4.NewCipher(key[:]) // a key of 16 bytes is one of RC4's
			stream.XORKeyStream(c.mask[:], c.mask[:])
		}
		b[i] ^= c.mask[pos%cipherBlock]
	}
}

// undoRecord decrypts a record's content, which starts at an offset of the
// stream. What says where things are is never encrypted.
func (c *biffCipher) undoRecord(id int, b []byte, at int64) {
	switch id {
	case biffBOF, biffFilePass, 0x0194, 0x0195, 0x00E1, 0x0138, 0x0196: // marks of sharing and of the interface
	case biffBoundSheet:
		from := min(4, len(b)) // the sheet's offset
		c.undo(b[from:], at+int64(from))
	default:
		c.undo(b, at)
	}
}
