namespace Moldau.Client.Producing.Transactions;

/// <summary>Where a transactional producer stands.</summary>
internal enum TransactionPhase
{
    /// <summary>It has to ask who it is first, and whatever was open is ended by that.</summary>
    Unknown,

    /// <summary>Between transactions.</summary>
    Ready,

    Open,

    /// <summary>Something was lost: it can only be aborted.</summary>
    AbortOnly,

    /// <summary>The coordinator is being told how it ends.</summary>
    Ending,

    /// <summary>Nothing can be done any more.</summary>
    Fatal,
}
