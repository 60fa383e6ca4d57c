// The wiring of the photocell board: the one file to edit before the sketch goes onto the Arduino.
//
// The building guide, docs/photocell_board_building.md, has a drawing of every wiring.

#pragma once

// ---- what can be built -----------------------------------------------------------------------
#define DIRECT_2X3 1    //  2 x 3:   6 photocells straight on A0-A5            Uno or Mega
#define DIRECT_4X4 2    //  4 x 4:  16 photocells straight on A0-A15           Mega
#define MUX_4X4 3       //  4 x 4:  16 photocells on 1 multiplexer             Uno or Mega
#define MUX_8X8 4       //  8 x 8:  64 photocells on 4 multiplexers            Uno or Mega
#define MUX_20X20 5     // 20 x 20: 400 photocells on 25 multiplexers          Mega
#define MATRIX_20X20 6  // 20 x 20: 400 photocells and diodes, 25 rows of 16   Mega

// ---- what you have built: choose here --------------------------------------------------------
#ifndef WIRING
#define WIRING MUX_8X8
#endif

// Two boards of one kind on one computer: give each a name of its own, such as "-left".
#ifndef BOARD_NAME
#define BOARD_NAME ""
#endif

// Bits per photocell, 6 or 8. Eight make every frame twice as long.
#ifndef BITS
#define BITS 6
#endif

// Speed of the serial line. 115200 suits every Arduino; 500000 can upset a genuine Uno or Mega.
#ifndef BAUD
#define BAUD 115200
#endif

// ---- where the wires go ----------------------------------------------------------------------
// A multiplexer (CD74HC4067) has 16 channels, chosen by S0 to S3. These four pins belong to one
// port of the chip, so that they change together.
#if defined(__AVR_ATmega328P__)
#define CHIP "uno"
#define LAMP_PINS {2, 3, 8, 9, 10, 11, 12, 13}
#define SELECT_PINS {4, 5, 6, 7}
#define SELECT_PORT PORTD  // pins 4 to 7 are its bits 4 to 7
#define SELECT_SHIFT 4
#elif defined(__AVR_ATmega2560__)
#define CHIP "mega"
#define LAMP_PINS {2, 3, 4, 5, 6, 7, 8, 9}
#define SELECT_PINS {22, 23, 24, 25}
#define SELECT_PORT PORTA  // pins 22 to 27 are its bits 0 to 5
#define SELECT_SHIFT 0
#define ENABLE_PINS {26, 27}
#define ENABLE_SHIFT 4
#define FIRST_ROW_PIN 22  // the 25 rows of the matrix are pins 22 to 46
#else
#error "The photocell board needs an Arduino Uno (ATmega328P) or Mega (ATmega2560)."
#endif

#if WIRING == DIRECT_2X3
#define ROWS 2
#define COLUMNS 3
#define ID CHIP "-direct2x3" BOARD_NAME
#elif WIRING == DIRECT_4X4
#define ROWS 4
#define COLUMNS 4
#define ID CHIP "-direct4x4" BOARD_NAME
#elif WIRING == MUX_4X4
#define ROWS 4
#define COLUMNS 4
#define ID CHIP "-mux4x4" BOARD_NAME
#elif WIRING == MUX_8X8
#define ROWS 8
#define COLUMNS 8
#define ID CHIP "-mux8x8" BOARD_NAME
#elif WIRING == MUX_20X20
#define ROWS 20
#define COLUMNS 20
#define BANKS 2  // multiplexers 0 and 1 share A0, 2 and 3 share A1 ...; /EN decides which is heard
#define ID CHIP "-mux20x20" BOARD_NAME
#elif WIRING == MATRIX_20X20
#define ROWS 20
#define COLUMNS 20
#define ID CHIP "-matrix25x16" BOARD_NAME
#else
#error "WIRING is none of the wirings listed at the top of wiring.h."
#endif

#ifndef BANKS
#define BANKS 1
#endif

#define DIRECT (WIRING == DIRECT_2X3 || WIRING == DIRECT_4X4)
#define MATRIX (WIRING == MATRIX_20X20)

#define NEEDS_MEGA (WIRING == DIRECT_4X4 || WIRING == MUX_20X20 || WIRING == MATRIX_20X20)
#if NEEDS_MEGA && !defined(__AVR_ATmega2560__)
#error "This wiring needs an Arduino Mega; an Uno has too few pins for it."
#endif

#if BITS != 6 && BITS != 8
#error "BITS must be 6 or 8."
#endif

constexpr bool fits_a_hello(const char *id) {
  return *id == 0 || (*id > ' ' && *id <= '~' && *id != '*' && fits_a_hello(id + 1));
}
static_assert(fits_a_hello(ID) && sizeof ID <= 49,
              "BOARD_NAME in wiring.h: use a few letters and digits, no blanks, no star.");
