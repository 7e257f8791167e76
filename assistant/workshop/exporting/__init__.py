"""What leaves a workshop: tables, minutes, conventions of tables, hand-outs, replays."""
