namespace Moldau.Storage.Facts;

/// <summary>How a transaction ends in a test of those who must live with etcd's doubts.</summary>
public enum InjectedOutcome
{
    None,

    /// <summary>It is applied and told as unknown.</summary>
    UnknownApplied,

    /// <summary>It is dropped and told as unknown.</summary>
    UnknownLost,
}
