namespace Moldau.Client.Admin;

/// <summary>A transactional id as it stands in a list.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="ProducerId">The producer that has it.</param>
/// <param name="State">Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort.</param>
/// <param name="Coordinator">The broker that coordinates it.</param>
public sealed record TransactionInfo(string Id, long ProducerId, string State, int Coordinator);
