using System.Collections.Concurrent;
using Moldau.Storage.Folders;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Partitions.Moving;

/// <summary>
/// The logs that move between folders. Copies are made in the background, as many at once as there are folders; whatever
/// begins, ends or replaces a move happens in the hosting's turn, between two changes of the metadata, so that nobody
/// deletes, creates or configures a topic in the middle of it.
/// </summary>
/// <param name="folders">Which log lies where.</param>
/// <param name="compactor">Keeps away from a log while it moves.</param>
/// <param name="log">Is told how moves end.</param>
/// <param name="inTurn">Runs something in the hosting's turn, later.</param>
internal sealed class FolderMoves(DataFolders folders, Compactor compactor, PartitionLogbook log, Action<Action> inTurn) : IDisposable
{
    /// <summary>So little is left to the last step, during which nothing can be appended.</summary>
    private const long LittleBytes = 256 * 1024;

    /// <summary>Where a log grows as fast as it is copied, the last step is made all the same.</summary>
    private const int MostRounds = 50;

    private readonly ConcurrentDictionary<Partition, FolderMove> _moves = new();
    private readonly SemaphoreSlim _turns = new(folders.All.Count);

    /// <summary>From any thread.</summary>
    public FolderMove? Find(Partition partition) => _moves.GetValueOrDefault(partition);

    /// <summary>Begins to move a log that is served; the folder is another one than its own, and in use.</summary>
    public void Begin(Partition partition, BrokerFolder target)
    {
        var name = new PartitionName(partition.Topic, partition.Number);
        var source = folders.FolderOf(name)!;
        var from = partition.Log!;
        var copy = target.Online!.Handover.Begin(new HostedLog(name, partition.TopicId, from.Settings), from, source.Opened!.DirectoryId);
        var move = new FolderMove(partition, from, source, target, copy);
        _moves[partition] = move;
        partition.IsMoving = true;
        log.MoveBegun(name.ToString(), source.Path, target.Path);
        move.Copying = Task.Run(() => CopyAsync(move));
    }

    /// <summary>Ends a move that is not wanted any more, where there is one; the log stays where it is.</summary>
    public void Cancel(Partition partition, string reason)
    {
        if (Find(partition) is { } move) End(move, reason);
    }

    /// <summary>A folder is offline: nothing moves into it, nor out of it.</summary>
    public void FolderFailed(BrokerFolder folder)
    {
        foreach (var (_, move) in _moves)
        {
            if (move.Target == folder || move.Source == folder) End(move, $"{folder.Path} is offline: {folder.OfflineReason}");
        }
    }

    /// <summary>Nothing runs in the hosting's turn any more.</summary>
    public void Dispose()
    {
        foreach (var (_, move) in _moves) End(move, "the broker stops");
        _turns.Dispose();
    }

    private async Task CopyAsync(FolderMove move)
    {
        var stop = move.Stop.Token;
        try
        {
            await _turns.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                await compactor.RemoveAsync(move.Partition).ConfigureAwait(false);
                await move.Partition.Queue.RunAsync(move.Copy.Begin).ConfigureAwait(false);
                move.Copy.CopyClosed(stop);
                for (var round = 0; round < MostRounds && move.Copy.CatchUp(stop) > LittleBytes; round++)
                {
                }
            }
            finally
            {
                _turns.Release();
            }

            inTurn(() => Complete(move));
        }
        catch (OperationCanceledException)
        {
            // Whoever called it off does the rest.
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            inTurn(() => Fail(move, failure));
        }
    }

    private void Fail(FolderMove move, Exception failure)
    {
        if (Find(move.Partition) == move) End(move, failure.Message);
    }

    private void Complete(FolderMove move)
    {
        if (Find(move.Partition) != move) return;
        var queue = move.Partition.Queue;
        // Not as a piece of the writer's work: that may fall to a thread that must not wait for a disk.
        queue.TakeTurnAsync().Wait();
        try
        {
            HandOver(move);
        }
        finally
        {
            queue.GiveTurnBack();
        }
    }

    /// <summary>Each step is on disk before the next begins; nobody appends meanwhile.</summary>
    private void HandOver(FolderMove move)
    {
        if (move.Source.Online is not { } source || move.Target.Online is not { } target || move.Partition.Log != move.Log)
        {
            End(move, "a folder is offline");
            return;
        }

        try
        {
            move.Copy.Complete();
            target.Handover.Take(move.Copy);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            End(move, failure.Message);
            return;
        }

        var partition = move.Partition;
        // Before the log is closed: a reader who finds it closed finds the copy in its place.
        partition.Replace(move.Copy.Log!);
        try
        {
            source.Handover.GiveAway(move.Identity);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            SetOffline(move, target, failure.Message);
            return;
        }

        target.Handover.Settle(move.Name);
        folders.Moved(move.Name, move.Target);
        Forget(move);
        partition.Replaced();
        compactor.Add(partition);
        log.Moved(partition.Name, move.Source.Path, move.Target.Path);
    }

    /// <summary>A crash may undo the step that was the last, or not: only a start can tell which of the two it is.</summary>
    private void SetOffline(FolderMove move, DataFolder target, string failure)
    {
        var reason = $"{move.Name} is offline until the next start, since nobody knows whether its log in {move.Source.Path} or the copy in {move.Target.Path} will be found: {failure}";
        target.Handover.SetOffline(move.Copy, reason);
        Forget(move);
        move.Partition.GoOffline(reason);
        log.Offline(move.Partition.Topic, move.Partition.Number, reason);
    }

    private void End(FolderMove move, string reason)
    {
        move.Stop.Cancel();
        move.Copying.Wait();
        Forget(move);
        try
        {
            move.Target.Opened!.Handover.Discard(move.Copy);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            log.CopyNotRemoved(move.Name.ToString(), move.Target.Path, failure.Message);
        }

        if (move.Partition.Log is not null) compactor.Add(move.Partition);
        log.NotMoved(move.Name.ToString(), move.Source.Path, move.Target.Path, reason);
    }

    private void Forget(FolderMove move)
    {
        _moves.TryRemove(move.Partition, out _);
        move.Partition.IsMoving = false;
        move.Stop.Dispose();
    }
}
