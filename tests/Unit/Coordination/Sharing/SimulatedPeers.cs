using Moldau.Coordination.ShareStates;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>
/// The way of a group's requests to share coordinators: each partition's part goes by itself, as if each had another of them. What
/// is not answered in time has failed, and may be done yet.
/// </summary>
internal sealed class SimulatedPeers(SimulatedStates states, SimulatedNetwork network, Random chance)
{
    private const int Patience = 60;

    private readonly List<Exchange> _open = [];

    // 83 has an epoch and may come whenever it will; 86 has none, and the way keeps its place among the others.
    private readonly Dictionary<SharePartitionKey, long> _lastCome = [];
    private readonly Dictionary<SharePartitionKey, long> _lastDeleted = [];
    private long _sent;

    /// <param name="ended">Told of the answer, or null; now and then twice.</param>
    public void Bring(long now, IMessage request, Action<long, IMessage?> ended)
    {
        var exchange = new Exchange(now + Patience, ended);
        switch (request)
        {
            case InitializeShareGroupStateRequest asked: Initialize(now, asked, exchange); break;
            case DeleteShareGroupStateRequest asked: Delete(now, asked, exchange); break;
            default: throw new ArgumentException($"nobody asks {request.Name}", nameof(request));
        }

        _open.Add(exchange);
    }

    public void Step(long now)
    {
        foreach (var exchange in _open.FindAll(exchange => exchange.Missing == 0 || exchange.Due <= now))
        {
            _open.Remove(exchange);
            exchange.IsOver = true;
            var response = exchange.Missing > 0 && chance.Next(2) == 0 ? null : exchange.Response;
            exchange.Ended(now, response);
            if (chance.Next(20) == 0) exchange.Ended(now, response);
        }
    }

    private void Initialize(long now, InitializeShareGroupStateRequest request, Exchange exchange)
    {
        var response = new InitializeShareGroupStateResponse();
        exchange.Response = response;
        foreach (var topic in request.Topics)
        {
            var told = new InitializeShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var row = new InitializeShareGroupStateResponse.PartitionResult { Partition = asked.Partition, ErrorCode = ErrorCode.CoordinatorNotAvailable };
                told.Partitions.Add(row);
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var answered = exchange.Row(error => row.ErrorCode = error);
                var number = ++_sent;
                network.Send(now, () =>
                {
                    if (_lastDeleted.GetValueOrDefault(key) > number) return;
                    _lastCome[key] = Math.Max(number, _lastCome.GetValueOrDefault(key));
                    states.Initialize(now, key, asked, error => network.Send(now, () => answered(error)));
                });
            }
        }
    }

    private void Delete(long now, DeleteShareGroupStateRequest request, Exchange exchange)
    {
        var response = new DeleteShareGroupStateResponse();
        exchange.Response = response;
        foreach (var topic in request.Topics)
        {
            var told = new DeleteShareGroupStateResponse.Topic { TopicId = topic.TopicId };
            response.Results.Add(told);
            foreach (var asked in topic.Partitions)
            {
                var row = new DeleteShareGroupStateResponse.PartitionResult { Partition = asked.Partition, ErrorCode = ErrorCode.CoordinatorNotAvailable };
                told.Partitions.Add(row);
                var key = new SharePartitionKey(request.GroupId, topic.TopicId, asked.Partition);
                var answered = exchange.Row(error => row.ErrorCode = error);
                var number = ++_sent;
                network.Send(now, () =>
                {
                    if (_lastCome.GetValueOrDefault(key) > number || _lastDeleted.GetValueOrDefault(key) > number) return;
                    _lastDeleted[key] = number;
                    states.Delete(now, key, error => network.Send(now, () => answered(error)));
                });
            }
        }
    }

    private sealed class Exchange(long due, Action<long, IMessage?> ended)
    {
        public long Due => due;

        public Action<long, IMessage?> Ended => ended;

        public IMessage? Response { get; set; }

        public int Missing { get; private set; }

        public bool IsOver { get; set; }

        /// <returns>Takes the answer of one partition; the first that comes in time counts.</returns>
        public Action<ErrorCode> Row(Action<ErrorCode> set)
        {
            Missing++;
            var isAnswered = false;
            return error =>
            {
                if (IsOver || isAnswered) return;
                isAnswered = true;
                Missing--;
                set(error);
            };
        }
    }
}
