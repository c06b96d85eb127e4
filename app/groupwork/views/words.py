"""What stages and moves are called on the pages."""

from app.groupwork.rules.stages import Move, Stage

STAGE_WORDS = {
    Stage.REHEARSAL: "Rehearsal",
    Stage.WRITING: "Tables are writing",
    Stage.CLOSED: "Time is up",
    Stage.REVEALED: "Cards on the wall",
    Stage.GROUPING: "Grouping into themes",
    Stage.VOTING: "Voting",
    Stage.COUNTED: "Votes counted",
    Stage.AGREEMENTS: "Agreements",
    Stage.SHARED: "Shared",
}
MOVE_WORDS = {
    Move.START: "Start question 1",
    Move.TIME: "Time",
    Move.MORE_TIME: "+2 minutes",
    Move.REVEAL: "Reveal the cards",
    Move.GROUP: "Group into themes",
    Move.VOTE: "Vote",
    Move.COUNT: "Close the vote",
    Move.NEXT: "Next question",
    Move.AGREE: "Agreements",
    Move.SHARE: "Finish and share",
}
UNDONE_WORDS = {
    Move.START: "the start",
    Move.TIME: "“Time”",
    Move.MORE_TIME: "the two minutes",
    Move.REVEAL: "the reveal",
    Move.GROUP: "the step to grouping",
    Move.VOTE: "the step to voting",
    Move.COUNT: "the close of the vote",
    Move.NEXT: "the step to the next question",
    Move.AGREE: "the step to agreements",
    Move.SHARE: "the sharing",
}
