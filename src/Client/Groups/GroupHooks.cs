namespace Moldau.Client.Groups;

/// <summary>What a membership tells its consumer. One at a time, in order, and awaited; the token is cancelled when it is waited for no longer.</summary>
/// <param name="AssignAsync">Place and read these.</param>
/// <param name="RevokeAsync">Stop reading these, end what is under way, commit.</param>
/// <param name="LoseAsync">These belong to somebody else: stop, commit nothing.</param>
internal sealed record GroupHooks(
    Func<IReadOnlyList<TopicPartition>, CancellationToken, Task> AssignAsync,
    Func<IReadOnlyList<TopicPartition>, CancellationToken, Task> RevokeAsync,
    Func<IReadOnlyList<TopicPartition>, Task> LoseAsync);
