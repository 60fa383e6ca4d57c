/*
 * A photocell board for the tests: the compiled firmware runs in simavr, photocells are millivolts on
 * its converter, its serial line is a pseudo terminal.
 *
 * SPDX-License-Identifier: MIT
 *
 * This file stands under the MIT licence like the rest of the project, which the GPL is compatible
 * with. Compiled, it is linked with simavr, which stands under the GNU General Public License,
 * version 3: the resulting program is a test tool under that licence and is never distributed with
 * the project.
 *
 * usage: simulated_board MCU LINK KIND INPUTS SELECT ENABLE ROWS LAMPS HEX...
 *
 *   LINK    a symbolic link to the pseudo terminal is kept here
 *   KIND    direct | mux | matrix: what is soldered between the pins
 *   INPUTS  converter channels, as 0,1,2;   SELECT ENABLE ROWS LAMPS: pins, as PD4,PD5; - for none
 *   HEX     programs in Intel's format; given two, the chip starts in the second (a boot loader)
 *
 * One command a line on standard input, one answer a line on standard output:
 *
 *   cells MV...            volts the cells give when they are chosen, in order
 *   run US                 simulate so long, then answer
 *   go SPEED               run on by itself; 1 is real time, 0 is as fast as it goes
 *   halt                   stop that
 *   press                  the reset button
 *   pull | plug            the cable: the terminal disappears, a new one comes and power returns
 *   boot US                from now on a reset starts the firmware so much later
 *   opening 0|1            does opening the port reset the board?
 *   fault WAY DROP FLIP DOUBLE NOISE     WAY is to_host or to_board; the first three in bytes of a
 *                          million, the last in bytes of noise a millisecond
 *   seed N                 of the chance the faults go by
 *   state                  nothing but the answer
 *
 * The answer is one JSON object. Every count is in it; time is simulated time.
 */

#define _GNU_SOURCE
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <avr_adc.h>
#include <avr_ioport.h>
#include <avr_uart.h>
#include <sim_avr.h>
#include <sim_hex.h>
#include <sim_io.h>
#include <sim_irq.h>
#include <sim_time.h>

enum { HZ = 16000000, SLICE = HZ / 1000, MAX_CELLS = 400, MAX_PINS = 32, WAITING = 4096 };
enum { SETTLE_MUX = 3 * 16, SETTLE_ROW = 15 * 16 }; /* cycles; less than that is too early */

struct pin {
    char port;
    int bit;
};

struct pins {
    struct pin at[MAX_PINS];
    int count;
};

struct way { /* one direction of the cable */
    uint32_t drop, flip, twice; /* of a million */
    uint32_t noise;             /* bytes a millisecond */
};

static avr_t *avr;
static avr_uart_t *uart;
static enum { DIRECT, MUX, MATRIX } kind;
static int inputs[MAX_PINS], input_count;
static struct pins selects, enables, rows, lamps;
static uint16_t millivolts[MAX_CELLS];
static int cell_count;

static int master = -1;
static int opened;
static const char *link_name;
static struct way to_host, to_board;
static uint64_t chance = 1;
static uint64_t boot_cycles, held_until; /* the boot loader has the chip until then */
static int reset_on_open = 1;
static uint64_t changed_at; /* cycle of the last change on a select, enable or row pin */

static uint8_t waiting[WAITING]; /* bytes on their way to the board */
static int waiting_count;
static uint64_t next_byte_at;

static struct {
    unsigned long sent, lost, received, resets, conversions;
    unsigned long unsettled, contended, unchosen, pulled_up, unwired;
} count;

static void die(const char *what)
{
    fprintf(stderr, "simulated_board: %s: %s\n", what, errno ? strerror(errno) : "refused");
    exit(1);
}

/* ---- chance ---- */

static uint32_t draw(void) /* xorshift64* */
{
    chance ^= chance >> 12;
    chance ^= chance << 25;
    chance ^= chance >> 27;
    return (chance * 2685821657736338717ull) >> 32;
}

static int happens(uint32_t millionths)
{
    return millionths && draw() % 1000000 < millionths;
}

/* ---- pins ---- */

static uint16_t port_register(char port) /* of both chips, from their data sheets */
{
    static const char names[] = "ABCDEFGHJKL";
    static const uint16_t at[] = {0x22, 0x25, 0x28,  0x2B,  0x2E, 0x31,
                                  0x34, 0x102, 0x105, 0x108, 0x10B};
    const char *found = strchr(names, port);
    if (!found || !*found)
        die("no such port");
    return at[found - names];
}

static int drives(struct pin pin, int level) /* is it an output, and at that level? */
{
    uint16_t at = port_register(pin.port);
    return (avr->data[at - 1] >> pin.bit & 1) && (avr->data[at] >> pin.bit & 1) == level;
}

static struct pins read_pins(const char *text)
{
    struct pins pins = {.count = 0};
    if (strcmp(text, "-") == 0)
        return pins;
    for (const char *at = text; at; at = strchr(at, ',')) {
        struct pin pin;
        if (*at == ',')
            at++;
        if (pins.count == MAX_PINS || sscanf(at, "P%c%d", &pin.port, &pin.bit) != 2)
            die(text);
        pins.at[pins.count++] = pin;
    }
    return pins;
}

/* ---- photocells ---- */

static int chosen_cell(int input) /* the cell on that input now, or -1 with the reason counted */
{
    int on = 0, which = 0;
    if (kind == DIRECT)
        return input;
    if (kind == MATRIX) {
        for (int i = 0; i < rows.count; i++) {
            if (drives(rows.at[i], 1)) {
                on++;
                which = i;
            } else if (!drives(rows.at[i], 0)) {
                on = MAX_PINS; /* a row left floating is a sneak path */
            }
        }
        if (on != 1) {
            on ? count.contended++ : count.unchosen++;
            return -1;
        }
        return which * input_count + input;
    }
    int channel = 0;
    for (int i = 0; i < selects.count; i++) {
        if (drives(selects.at[i], 1))
            channel |= 1 << i;
        else if (!drives(selects.at[i], 0)) {
            count.unchosen++;
            return -1;
        }
    }
    if (enables.count == 0)
        return input * 16 + channel;
    for (int i = 0; i < enables.count; i++) {
        if (drives(enables.at[i], 0)) {
            on++;
            which = i;
        }
    }
    if (on != 1) {
        on ? count.contended++ : count.unchosen++;
        return -1;
    }
    return (input * enables.count + which) * 16 + channel;
}

static void on_conversion(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)value, (void)param;
    int mega = strcmp(avr->mmcu, "atmega2560") == 0;
    int channel = avr->data[0x7C] & 7;
    if (mega && avr->data[0x7B] & 8)
        channel += 8;
    struct pin pin = {mega ? (channel < 8 ? 'F' : 'K') : 'C', channel & 7};
    int input = 0, cell, volts = 0;
    count.conversions++;
    while (input < input_count && inputs[input] != channel)
        input++;
    uint64_t settle = kind == MATRIX ? SETTLE_ROW : kind == MUX ? SETTLE_MUX : 0;
    if (input == input_count)
        count.unwired++;
    else if (((avr->data[port_register(pin.port)] | avr->data[port_register(pin.port) - 1]) >>
              pin.bit) & 1)
        count.pulled_up++; /* driven, or its pull-up is on */
    else if (avr->cycle - changed_at < settle)
        count.unsettled++;
    else if ((cell = chosen_cell(input)) >= cell_count)
        count.unwired++;
    else if (cell >= 0)
        volts = millivolts[cell];
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + (channel & 7)), volts);
}

static void on_choice(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)value, (void)param;
    changed_at = avr->cycle;
}

static void watch(struct pins pins)
{
    for (int i = 0; i < pins.count; i++)
        avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(pins.at[i].port),
                                              IOPORT_IRQ_PIN0 + pins.at[i].bit),
                                on_choice, NULL);
}

/* ---- the cable ---- */

static void plug_in(void)
{
    struct termios2 raw;
    char name[64];
    int unlock = 0, number, slave;
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) || ioctl(master, TIOCGPTN, &number))
        die("no pseudo terminal");
    snprintf(name, sizeof name, "/dev/pts/%d", number);
    slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || ioctl(slave, TCGETS2, &raw))
        die(name);
    raw.c_iflag = raw.c_oflag = raw.c_lflag = 0; /* else the board hears its own words */
    raw.c_cflag = CS8 | CREAD | CLOCAL | B115200;
    if (ioctl(slave, TCSETS2, &raw))
        die(name);
    close(slave); /* from here on a hang-up on the master means that nobody has the port open */
    unlink(link_name);
    if (symlink(name, link_name))
        die(link_name);
    opened = 0;
}

static void pull_out(void)
{
    unlink(link_name);
    close(master);
    master = -1;
    avr_reset(avr); /* no power: every pin is an input */
    waiting_count = 0;
}

static void reset(void)
{
    avr_reset(avr);
    avr_regbit_set(avr, avr->reset_flags.extrf); /* a boot loader leaves at once without it */
    held_until = avr->cycle + boot_cycles;
    waiting_count = 0;
    count.resets++;
}

static uint32_t host_speed; /* as the host has set it; looked up once a slice */

static int garbled(void) /* are the two ends more than 4.5 % apart? */
{
    int ubrr = avr->data[0xC4] | (avr->data[0xC5] & 15) << 8;
    double board = HZ / ((avr->data[0xC0] & 2 ? 8.0 : 16.0) * (ubrr + 1));
    return host_speed && (board < host_speed / 1.045 || board > host_speed * 1.045);
}

static void to_the_host(uint8_t byte)
{
    if (master < 0 || !opened)
        return;
    if (write(master, &byte, 1) == 1)
        count.sent++;
    else
        count.lost++; /* nobody reads: the kernel's buffer is full */
}

static void through_faults(struct way way, uint8_t byte, void (*on)(uint8_t))
{
    if (happens(way.drop))
        return;
    if (happens(way.flip))
        byte ^= 1 << draw() % 8;
    if (garbled())
        byte = draw();
    on(byte);
    if (happens(way.twice))
        on(byte);
}

static void on_sent(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    through_faults(to_host, value, to_the_host);
}

static void to_the_board(uint8_t byte)
{
    if (waiting_count < WAITING)
        waiting[waiting_count++] = byte;
}

static void take_from_host(void) /* no more than the line can carry soon: the rest waits outside */
{
    uint8_t bytes[256];
    if (master < 0 || waiting_count > 256)
        return;
    ssize_t got = read(master, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; i++)
        through_faults(to_board, bytes[i], to_the_board);
}

static void deliver(void) /* one byte; called when a byte's time has passed since the last */
{
    uint8_t byte = waiting[0];
    memmove(waiting, waiting + 1, --waiting_count);
    count.received++;
    avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT), byte);
    next_byte_at = avr->cycle + uart->cycles_per_byte;
}

static void look_at_cable(void)
{
    if (master < 0)
        return;
    struct pollfd look = {.fd = master, .events = POLLIN};
    poll(&look, 1, 0);
    int open_now = !(look.revents & POLLHUP);
    if (open_now && !opened && reset_on_open)
        reset(); /* what DTR does on a real board */
    opened = open_now;
    struct termios2 now;
    host_speed = ioctl(master, TCGETS2, &now) ? 0 : now.c_ospeed;
    if (look.revents & POLLIN)
        take_from_host();
    for (uint32_t i = 0; i < to_host.noise; i++)
        to_the_host(draw());
    for (uint32_t i = 0; i < to_board.noise; i++)
        to_the_board(draw());
}

/* ---- time ---- */

static void run_until(uint64_t cycle)
{
    while (avr->cycle < cycle) {
        uint64_t end = avr->cycle + SLICE < cycle ? avr->cycle + SLICE : cycle;
        look_at_cable();
        if (avr->cycle < held_until || master < 0) { /* no power, or the boot loader has it */
            avr->cycle = end;
            waiting_count = 0;
            continue;
        }
        while (avr->cycle < end) {
            if (waiting_count && avr->cycle >= next_byte_at)
                deliver();
            int state = avr_run(avr);
            if (state == cpu_Done || state == cpu_Crashed)
                die("the firmware crashed");
        }
    }
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static void pause_s(double seconds)
{
    struct timespec length = {.tv_sec = 0, .tv_nsec = seconds * 1e9};
    nanosleep(&length, NULL);
}

static int spoken_to(void)
{
    struct pollfd look = {.fd = 0, .events = POLLIN};
    return poll(&look, 1, 0) > 0;
}

static void go(double speed) /* until the next command */
{
    double due = now_s();
    while (!spoken_to()) {
        run_until(avr->cycle + SLICE);
        if (speed > 0) {
            due += 0.001 / speed;
            double early = due - now_s();
            if (early > 0)
                pause_s(early < 0.9 ? early : 0.9);
            else if (early < -0.01)
                due = now_s(); /* late: forget the debt, no burst */
        }
    }
}

/* ---- commands ---- */

static void answer(void)
{
    int lit = 0;
    for (int i = 0; i < lamps.count; i++)
        lit |= drives(lamps.at[i], 1) << i;
    printf("{\"time_us\": %llu, \"lamps\": %d, \"opened\": %s, \"sent\": %lu, \"lost\": %lu, "
           "\"received\": %lu, \"resets\": %lu, \"conversions\": %lu, \"unsettled\": %lu, "
           "\"contended\": %lu, \"unchosen\": %lu, \"pulled_up\": %lu, \"unwired\": %lu}\n",
           (unsigned long long)(avr->cycle / 16), lit, opened ? "true" : "false", count.sent,
           count.lost, count.received, count.resets, count.conversions, count.unsettled,
           count.contended, count.unchosen, count.pulled_up, count.unwired);
    fflush(stdout);
}

static void set_cells(char *text)
{
    cell_count = 0;
    for (char *word = strtok(text, " "); word && cell_count < MAX_CELLS; word = strtok(NULL, " "))
        millivolts[cell_count++] = atoi(word);
}

static void obey(char *line)
{
    static double speed = -1;
    char way[16];
    struct way fault;
    double number;
    if (strncmp(line, "cells ", 6) == 0)
        set_cells(line + 6);
    else if (sscanf(line, "run %lf", &number) == 1)
        run_until(avr->cycle + (uint64_t)(number * 16));
    else if (sscanf(line, "go %lf", &number) == 1)
        speed = number;
    else if (strcmp(line, "halt") == 0)
        speed = -1;
    else if (strcmp(line, "press") == 0)
        reset();
    else if (strcmp(line, "pull") == 0 && master >= 0)
        pull_out();
    else if (strcmp(line, "plug") == 0 && master < 0) {
        plug_in();
        reset();
    } else if (sscanf(line, "boot %lf", &number) == 1)
        boot_cycles = number * 16;
    else if (sscanf(line, "opening %lf", &number) == 1)
        reset_on_open = number != 0;
    else if (sscanf(line, "seed %lf", &number) == 1)
        chance = (uint64_t)number * 2 + 1;
    else if (sscanf(line, "fault %15s %u %u %u %u", way, &fault.drop, &fault.flip, &fault.twice,
                    &fault.noise) == 5)
        *(strcmp(way, "to_host") == 0 ? &to_host : &to_board) = fault;
    else if (strcmp(line, "state") != 0)
        die(line);
    answer();
    if (speed >= 0)
        go(speed);
}

static void load(const char *name, int is_last)
{
    ihex_chunk_p chunks = NULL;
    int pieces = read_ihex_chunks(name, &chunks);
    if (pieces <= 0)
        die(name);
    for (int i = 0; i < pieces; i++) {
        if (chunks[i].baseaddr + chunks[i].size > avr->flashend + 1)
            die("the program is larger than the chip");
        avr_loadcode(avr, chunks[i].data, chunks[i].size, chunks[i].baseaddr);
    }
    if (is_last)
        avr->pc = avr->reset_pc = chunks[0].baseaddr;
    free_ihex_chunks(chunks);
}

int main(int argc, char **argv)
{
    static char line[MAX_CELLS * 8];
    if (argc < 10)
        die("usage");
    link_name = argv[2];
    kind = strcmp(argv[3], "matrix") == 0 ? MATRIX : strcmp(argv[3], "mux") == 0 ? MUX : DIRECT;
    for (char *word = strtok(argv[4], ","); word && input_count < MAX_PINS; word = strtok(NULL, ","))
        inputs[input_count++] = atoi(word);
    selects = read_pins(argv[5]);
    enables = read_pins(argv[6]);
    rows = read_pins(argv[7]);
    lamps = read_pins(argv[8]);

    avr = avr_make_mcu_by_name(argv[1]);
    if (!avr)
        die(argv[1]);
    avr_init(avr);
    avr->frequency = HZ;
    avr->log = LOG_ERROR;
    avr->vcc = avr->avcc = avr->aref = 5000; /* else the volts are held against nothing */
    for (int i = 9; i < argc; i++)
        load(argv[i], i == argc - 1);
    for (avr_io_t *io = avr->io_port; io; io = io->next) {
        if (strcmp(io->kind, "adc") == 0) /* simavr 1.6 keeps 8 voltages; the Mega has 16 inputs */
            for (int i = 0; i < 64; i++)
                ((avr_adc_t *)io)->muxmode[i].src &= 7;
        if (strcmp(io->kind, "uart") == 0 && ((avr_uart_t *)io)->name == '0')
            uart = (avr_uart_t *)io;
    }
    uint32_t flags = 0; /* print nothing, never sleep */
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_OUT_TRIGGER),
                            on_conversion, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT),
                            on_sent, NULL);
    watch(selects);
    watch(enables);
    watch(rows);
    plug_in();
    reset();
    count.resets = 0;
    answer();
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        obey(line);
    }
    unlink(link_name);
    return 0;
}
