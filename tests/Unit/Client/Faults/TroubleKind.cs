namespace Moldau.Unit.Client.Faults;

internal enum TroubleKind
{
    /// <summary>The connection ends, and nothing was done.</summary>
    CutBefore,

    /// <summary>It ends when it was done, before the answer.</summary>
    CutBehind,

    /// <summary>It ends in the middle of the answer.</summary>
    CutWithin,

    /// <summary>The connection stays open, nothing is done, and no answer comes.</summary>
    Unheard,

    /// <summary>It is done, the connection stays open, and no answer comes.</summary>
    Unanswered,

    /// <summary>Half an answer comes, and no more.</summary>
    HalfAnswered,

    /// <summary>The answer is left out: the next one comes in its place.</summary>
    Lost,

    /// <summary>The second half comes a little later.</summary>
    Slow,

    /// <summary>It is done when nobody waits for it any more.</summary>
    LateBefore,

    /// <summary>It is done, and the answer comes when nobody waits for it any more.</summary>
    LateBehind,

    /// <summary>An error in place of the answer; nothing is done.</summary>
    Refused,
}
