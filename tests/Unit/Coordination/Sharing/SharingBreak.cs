namespace Moldau.Unit.Coordination.Sharing;

/// <summary>What is done wrong on purpose, so that a test can tell that it would be noticed.</summary>
internal enum SharingBreak
{
    None,

    /// <summary>Members are told before what they said is stored.</summary>
    AnswersBeforeStored,

    /// <summary>The share coordinator takes what a leader of before says.</summary>
    IgnoresLeaderEpochs,

    /// <summary>More of the share coordinator's log is cut off than nobody needs.</summary>
    PrunesTooMuch,

    /// <summary>Nobody looks at deadlines.</summary>
    LocksForEver,
}
