using Moldau.Client;
using Moldau.Client.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Client.Groups.Model;

/// <summary>
/// Members and a coordinator that is a model, in one thread and in a random order: requests and answers come late or not at all,
/// consumers take their time, stop making progress, leave, come. Nobody begins with a partition that another has, unless that
/// one was put out.
/// </summary>
internal sealed class GroupSimulation(int seed, GroupModel model, Func<int, GroupMember> create)
{
    private readonly Random _chance = new(seed);
    private readonly List<Client> _clients = [];
    private readonly List<(long At, int Client, int Number, IMessage Message, bool IsAnswer)> _wire = [];
    private readonly List<int> _asker = [-1];
    private long _now = 1;
    private int _lastNumber;

    /// <summary>How often somebody began with what one who was put out still had.</summary>

    public int Fencings { get; private set; }

    public void Run(int steps, int members)
    {
        for (var i = 0; i < members; i++) Add();
        for (var step = 0; step < steps; step++) Step(hasFaults: true);
        foreach (var client in _clients) client.Member.Resume(_now);
        for (var step = 0; step < 40_000 && !IsQuiet(); step++) Step(hasFaults: false);
        AssertShared();
    }

    private void Add() => _clients.Add(new Client { Member = create(_clients.Count) });

    private bool IsQuiet() => _wire.All(static message => message.Message is HeartbeatRequest or HeartbeatResponse or ConsumerGroupHeartbeatRequest or ConsumerGroupHeartbeatResponse or MetadataRequest or MetadataResponse)
        && Live().All(static client => client.InHand is null && client.Member.Identity is not null) && Shares().SequenceEqual(Fair());

    private List<Client> Live() => _clients.FindAll(static client => !client.IsLeaving);

    private IEnumerable<int> Shares() => Live().Select(static client => client.Holds.Count).Order();

    private IEnumerable<int> Fair()
    {
        var (share, more) = Math.DivRem(model.Topics.Values.Sum(), Live().Count);
        return Live().Select((_, place) => place < more ? share + 1 : share).Order();
    }

    private void AssertShared()
    {
        Assert.True(IsQuiet(), $"seed {seed}: at the end {string.Join("; ", _clients.Select(client => $"{string.Join(",", client.Holds)} {client.Member} as {client.Member.Identity}, told {client.InHand}, asked {client.Request}, leaving {client.IsLeaving}"))}; the coordinator at {_now} has {model}");
        Assert.Equal(model.Topics.Values.Sum(), Live().SelectMany(static client => client.Holds).Distinct().Count());
    }

    private void Step(bool hasFaults)
    {
        _now += _chance.Next(hasFaults ? 60 : 20);
        model.Tick(_now);
        Send();
        if (_wire.Count > 0 && _chance.Next(2) == 0) Deliver(hasFaults);
        var at = _chance.Next(_clients.Count);
        var client = _clients[at];
        if (client.Member.Failure is not null) throw new InvalidOperationException($"seed {seed}: {client.Member.Failure.Message}");
        Tell(client);
        if (client.InHand is not null && (client.Member.HasLost || _now >= client.InHand.Deadline || _chance.Next(4) == 0)) Told(client);
        if (client.Member.AbandonsRequest) client.Request = null;
        if (client.Request is null) Ask(at, client);
        if (!hasFaults || _chance.Next(150) != 0) return;
        switch (_chance.Next(5))
        {
            case 0: client.Member.Suspend(_now); break;
            case 1: client.Member.Resume(_now); break;
            case 2 when Live().Count > 1:
                client.Member.Leave(_now);
                client.IsLeaving = true;
                break;
            case 3 when _clients.Count < 8: Add(); break;
            case 4 when model.Topics["u"] < 6: model.Topics["u"]++; break;
        }
    }

    private void Tell(Client client)
    {
        if (client.InHand is not null || client.Member.TakeNotice() is not { } notice) return;
        client.InHand = notice;
        if (notice.Kind == NoticeKind.Lose) client.Holds.ExceptWith(notice.Partitions);
        if (notice.Kind != NoticeKind.Assign) return;
        foreach (var where in notice.Partitions)
        {
            foreach (var other in _clients)
            {
                if (!other.Holds.Contains(where)) continue;
                Assert.True(other != client, $"seed {seed}: {where} was given to the same twice");
                Assert.False(model.Knows(other.MemberIds[^1]), $"seed {seed}: {where} was given to two at {_now}");
                Fencings++;
            }

            client.Holds.Add(where);
        }
    }

    private void Told(Client client)
    {
        if (client.InHand!.Kind == NoticeKind.Revoke) client.Holds.ExceptWith(client.InHand.Partitions);
        client.InHand = null;
        client.Member.Told(_now);
    }

    private void Ask(int at, Client client)
    {
        if (client.Member.TakeRequest(_now) is not { } request) return;
        client.Request = ++_lastNumber;
        _asker.Add(at);
        _wire.Add((_now + _chance.Next(30), at, _lastNumber, request, false));
    }

    private void Send()
    {
        foreach (var (ticket, answer) in model.Answers) _wire.Add((_now + _chance.Next(30), _asker[ticket], ticket, answer, true));
        model.Answers.Clear();
    }

    private void Deliver(bool hasFaults)
    {
        var place = _wire.FindIndex(message => message.At <= _now);
        if (place < 0) return;
        var (_, at, number, message, isAnswer) = _wire[place];
        _wire.RemoveAt(place);
        var client = _clients[at];
        var isLost = hasFaults && _chance.Next(40) == 0;
        if (!isAnswer && !isLost)
        {
            model.Handle(number, message, _now);
        }
        else if (client.Request == number)
        {
            client.Request = null;
            if (isLost) client.Member.Failed(new KafkaException(ErrorCode.NetworkException, "lost"), _now);
            else client.Member.Answered(message, _now);
            if (client.Member.Identity is { } identity && client.MemberIds.LastOrDefault() != identity.MemberId) client.MemberIds.Add(identity.MemberId);
        }
    }

    private sealed class Client
    {
        public required GroupMember Member { get; init; }

        public HashSet<TopicPartition> Holds { get; } = [];

        public List<string> MemberIds { get; } = [];

        public Notice? InHand { get; set; }

        public long? Request { get; set; }

        public bool IsLeaving { get; set; }
    }
}
