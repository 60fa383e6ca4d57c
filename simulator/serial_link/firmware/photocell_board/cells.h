// Reading one photocell: choose it, let the voltage settle, convert.
//
// There is no picture in memory. Each cell is read just before it is sent, so converting hides
// behind sending, and a board of 400 cells needs no more memory than one of 6.

#pragma once

#include <Arduino.h>

#include "wiring.h"

#define CELLS (ROWS * COLUMNS)
#define ROW_CELLS 16        // cells on one multiplexer, or on one row of the matrix
#define SETTLE_MUX_US 5     // 10 kilohms into the converter and the multiplexer
#define SETTLE_ROW_US 20    // a row of the matrix also charges 16 columns through its diodes

#if !DIRECT && !MATRIX
const uint8_t select_pins[] = SELECT_PINS;
const uint8_t SELECT_MASK = 0x0F << SELECT_SHIFT;
#if BANKS > 1
const uint8_t enable_pins[] = ENABLE_PINS;
const uint8_t ENABLE_MASK = 0x03 << ENABLE_SHIFT;
#else
const uint8_t ENABLE_MASK = 0;
#endif
#endif

void set_up_cells() {
  // The core's 125 kHz is for 10 bits; 500 kHz keeps 8 of them and takes 26 us in place of 104.
  ADCSRA = (ADCSRA & ~7) | 5;
#if MATRIX
  for (uint8_t row = 0; row < CELLS / ROW_CELLS; row++) {
    digitalWrite(FIRST_ROW_PIN + row, LOW);
    pinMode(FIRST_ROW_PIN + row, OUTPUT);
  }
#elif !DIRECT
  for (uint8_t i = 0; i < sizeof select_pins; i++) pinMode(select_pins[i], OUTPUT);
#if BANKS > 1
  for (uint8_t i = 0; i < sizeof enable_pins; i++) {
    digitalWrite(enable_pins[i], HIGH);
    pinMode(enable_pins[i], OUTPUT);
  }
#endif
#endif
}

// The voltage of a cell, BITS wide. Cells are numbered along the rows of the picture, from 0.
uint8_t read_cell(uint16_t cell) {
#if DIRECT
  const uint8_t input = cell;
#elif MATRIX
  const uint8_t row = cell / ROW_CELLS;
  const uint8_t input = cell % ROW_CELLS;
  if (input == 0) {
    if (row > 0) digitalWrite(FIRST_ROW_PIN + row - 1, LOW);
    digitalWrite(FIRST_ROW_PIN + row, HIGH);
    delayMicroseconds(SETTLE_ROW_US);
  }
#else
  const uint8_t mux = cell / ROW_CELLS;
  const uint8_t channel = cell % ROW_CELLS;
  const uint8_t input = mux / BANKS;
  // Both banks go off before the channel changes: two multiplexers never share a wire.
  const uint8_t off = (SELECT_PORT & ~SELECT_MASK) | ENABLE_MASK;
  SELECT_PORT = off;
  const uint8_t chosen = off | (channel << SELECT_SHIFT);
  SELECT_PORT = chosen;
#if BANKS > 1
  SELECT_PORT = chosen & ~(1 << (ENABLE_SHIFT + mux % BANKS));
#endif
  delayMicroseconds(SETTLE_MUX_US);
#endif
  return analogRead(A0 + input) >> (10 - BITS);
}

// After the last cell: no row carries current while the board waits.
void rest_cells() {
#if MATRIX
  digitalWrite(FIRST_ROW_PIN + CELLS / ROW_CELLS - 1, LOW);
#endif
}
