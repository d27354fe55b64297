namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>What became of trying to copy a dead letter.</summary>
internal enum DeadLetterEnd
{
    /// <summary>Its copy is safe.</summary>
    Copied,

    /// <summary>It is not to be copied.</summary>
    LetGo,

    /// <summary>Its transaction is not decided.</summary>
    Undecided,

    /// <summary>It is to be tried again.</summary>
    Failed,
}
