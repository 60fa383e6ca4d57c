// The photocell board of firstwave: reads photocells, sends pictures, lights eight response lamps.
//
// Before uploading, choose your wiring in wiring.h (the second tab of the Arduino IDE).
// Arduino Uno or Mega; no library needed. The protocol is described in docs/photocell_board.md:
//
//   to the computer    H1 rows=8 cols=8 bits=6 lamps=8 id=uno-mux8x8*CRC     hello
//                      F ss ll <one character a cell> *CRC (no blanks)       a picture
//                      # text                                                for people
//   to the board       ?            hello, please
//                      Sff*CRC      send ff pictures a second (hexadecimal), 00 stops
//                      Lll*CRC      light these lamps (hexadecimal, bit 0 is lamp 1)
//                      M            draw the picture in characters, for the Serial Monitor
//
// CRC is CRC-16/CCITT-FALSE over what stands before the *, four capital hexadecimal digits.
// A line ends with a line feed; carriage returns do not count.

#include <util/crc16.h>

#include "cells.h"
#include "wiring.h"

#define LINE_LENGTH 24          // no command is longer
#define SILENCE_MS 3000         // so long without a command: the computer is gone
#define HELLO_MS 1000
#define READ_AT_ONCE 64         // characters taken before the next picture has its turn

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const char HELLO[] PROGMEM =
    "H1 rows=" TEXT(ROWS) " cols=" TEXT(COLUMNS) " bits=" TEXT(BITS) " lamps=8 id=" ID;

const uint8_t lamp_pins[8] = LAMP_PINS;

uint8_t lamps;                  // now lit, bit 0 is lamp 1
uint8_t sequence;               // number of the next picture
uint8_t rate;                   // pictures a second, 0 while not sending
uint32_t picture_us;            // when the last picture was due
uint32_t hello_ms;              // when the last hello was said
uint32_t heard_ms;              // when the last command came
uint16_t crc;                   // of the line being sent

// ---- sending ---------------------------------------------------------------------------------
void put(char c) {
  crc = _crc_xmodem_update(crc, c);
  Serial.write(c);
}

char hex_digit(uint8_t value) {
  return value < 10 ? '0' + value : 'A' + value - 10;
}

void put_hex(uint8_t value) {
  put(hex_digit(value >> 4));
  put(hex_digit(value & 15));
}

void begin_line(char kind) {
  crc = 0xFFFF;
  put(kind);
}

void end_line() {
  const uint16_t sum = crc;     // put() changes it
  put('*');
  put_hex(sum >> 8);
  put_hex(sum & 0xFF);
  Serial.write('\n');
}

void send_hello() {
  const char *next = HELLO;
  begin_line(pgm_read_byte(next++));
  while (const char c = pgm_read_byte(next++)) put(c);
  end_line();
  hello_ms = millis();
}

void send_picture() {
  begin_line('F');
  put_hex(sequence++);
  put_hex(lamps);
  for (uint16_t cell = 0; cell < CELLS; cell++) {
#if BITS == 6
    put('0' + read_cell(cell));
#else
    put_hex(read_cell(cell));
#endif
  }
  rest_cells();
  end_line();
}

// Every cell twice, because a character is twice as high as wide.
void draw_picture() {
  static const char SHADES[] PROGMEM = " .:-=+oxO#%&$@MW";
  for (uint16_t cell = 0; cell < CELLS; cell++) {
    if (cell % COLUMNS == 0) Serial.print(F("# |"));
    const char shade = pgm_read_byte(SHADES + (read_cell(cell) >> (BITS - 4)));
    Serial.write(shade);
    Serial.write(shade);
    if (cell % COLUMNS == COLUMNS - 1) Serial.println('|');
  }
  rest_cells();
}

// ---- lamps -----------------------------------------------------------------------------------
void light(uint8_t which) {
  lamps = which;
  for (uint8_t i = 0; i < 8; i++) digitalWrite(lamp_pins[i], bitRead(lamps, i));
}

// ---- commands --------------------------------------------------------------------------------
// The value of a capital hexadecimal digit, or 16.
uint8_t digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// Two digits at `text`; false if they are none.
bool read_hex(const char *text, uint8_t *value) {
  const uint8_t high = digit_value(text[0]);
  const uint8_t low = digit_value(text[1]);
  *value = high << 4 | low;
  return high < 16 && low < 16;
}

// Does the line end with * and the CRC of what stands before it?
bool is_sound(const char *line, uint8_t length) {
  uint8_t high, low;
  if (length < 6 || line[length - 5] != '*') return false;
  if (!read_hex(line + length - 4, &high) || !read_hex(line + length - 2, &low)) return false;
  uint16_t sum = 0xFFFF;
  for (uint8_t i = 0; i < length - 5; i++) sum = _crc_xmodem_update(sum, line[i]);
  return sum == ((uint16_t)high << 8 | low);
}

uint32_t period_us(uint8_t per_second) {
  return 1000000UL / per_second;
}

void obey(const char *line, uint8_t length) {
  uint8_t value;
  const bool sound = is_sound(line, length);
  const uint8_t body = sound ? length - 5 : length;
  if (body == 1 && line[0] == '?') {
    send_hello();
  } else if (body == 1 && line[0] == 'M') {
    draw_picture();
  } else if (!sound) {
    return;                     // damaged, or no command at all
  } else if (body == 3 && line[0] == 'L' && read_hex(line + 1, &value)) {
    light(value);
  } else if (body == 3 && line[0] == 'S' && read_hex(line + 1, &value)) {
    if (rate == 0 && value > 0) picture_us = micros() - period_us(value);  // the first at once
    rate = value;
  }                             // a sound line we do not know is from a newer program: it lives
  heard_ms = millis();
}

void listen() {
  static char line[LINE_LENGTH];
  static uint8_t length;        // LINE_LENGTH + 1: too long, wait for its end
  for (uint8_t i = 0; i < READ_AT_ONCE && Serial.available(); i++) {
    const char c = Serial.read();
    if (c == '\n') {
      if (length <= LINE_LENGTH) obey(line, length);
      length = 0;
    } else if (c != '\r' && length <= LINE_LENGTH) {
      if (length < LINE_LENGTH) line[length] = c;
      length++;
    }
  }
}

// ---- the sketch ------------------------------------------------------------------------------
void setup() {
  set_up_cells();
  for (uint8_t i = 0; i < 8; i++) pinMode(lamp_pins[i], OUTPUT);
  light(0);
  Serial.begin(BAUD);
  send_hello();
}

void loop() {
  listen();
  if ((rate > 0 || lamps > 0) && millis() - heard_ms >= SILENCE_MS) {
    rate = 0;
    light(0);
  }
  if (rate == 0) {
    if (millis() - hello_ms >= HELLO_MS) send_hello();
    return;
  }
  const uint32_t passed_us = micros() - picture_us;
  if (passed_us < period_us(rate)) return;
  // A picture that comes too late sets the pace anew; nothing is made up for.
  picture_us += passed_us < 2 * period_us(rate) ? period_us(rate) : passed_us;
  send_picture();
}
