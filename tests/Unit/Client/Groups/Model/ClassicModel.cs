using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Unit.Client.Groups.Model;

internal sealed class ClassicModel : GroupModel
{
    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);
    private bool _isPreparing;
    private bool _isCompleting;
    private int _generation;
    private int _lastId;
    private long _preparingUntil;
    private string _leader = "";

    public override string ToString() => $"{_generation} {_isPreparing} {_isCompleting} {string.Join(", ", _members.Select(static member => $"{member.Key} joins {member.Value.Joins is not null} heard {member.Value.HeardAt}"))}";

    public override bool Knows(string member) => _members.ContainsKey(member);

    public override void Handle(int ticket, IMessage request, long now)
    {
        switch (request)
        {
            case MetadataRequest: Answers.Add((ticket, Metadata())); break;
            case JoinGroupRequest join: Join(ticket, join, now); break;
            case SyncGroupRequest sync: Sync(ticket, sync, now); break;
            case HeartbeatRequest heartbeat: Answers.Add((ticket, new HeartbeatResponse { ErrorCode = Heard(heartbeat.MemberId, heartbeat.GenerationId, now) })); break;
            case LeaveGroupRequest leave:
                Remove(leave.Members[0].MemberId, now);
                Answers.Add((ticket, new LeaveGroupResponse()));
                break;
        }
    }

    public override void Tick(long now)
    {
        foreach (var id in _members.Where(member => member.Value.Joins is null && now - member.Value.HeardAt > SessionMs).Select(static member => member.Key).ToList()) Remove(id, now);
        if (!_isPreparing || now < _preparingUntil) return;
        foreach (var id in _members.Where(static member => member.Value.Joins is null).Select(static member => member.Key).ToList()) _members.Remove(id);
        Complete(now);
    }

    private ErrorCode Heard(string id, int generation, long now)
    {
        if (!_members.TryGetValue(id, out var member)) return ErrorCode.UnknownMemberId;
        if (generation != _generation) return ErrorCode.IllegalGeneration;
        member.HeardAt = now;
        return _isPreparing ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private void Join(int ticket, JoinGroupRequest join, long now)
    {
        if (join.MemberId.Length == 0)
        {
            var id = $"m{++_lastId}";
            _members[id] = new Member { HeardAt = now };
            Answers.Add((ticket, new JoinGroupResponse { ErrorCode = ErrorCode.MemberIdRequired, MemberId = id }));
            return;
        }

        if (!_members.TryGetValue(join.MemberId, out var member))
        {
            Answers.Add((ticket, new JoinGroupResponse { ErrorCode = ErrorCode.UnknownMemberId }));
            return;
        }

        (member.Joins, member.Ticket, member.HeardAt) = (join, ticket, now);
        Prepare(now);
    }

    private void Prepare(long now)
    {
        if (!_isPreparing)
        {
            foreach (var member in _members.Values)
            {
                if (member.Syncs is not null) Answers.Add((member.Ticket, new SyncGroupResponse { ErrorCode = ErrorCode.RebalanceInProgress }));
                member.Syncs = null;
            }

            (_isPreparing, _isCompleting, _preparingUntil) = (true, false, now + 1500);
        }

        if (_members.Values.All(static member => member.Joins is not null)) Complete(now);
    }

    private void Complete(long now)
    {
        (_isPreparing, _isCompleting) = (false, _members.Count > 0);
        _generation++;
        _leader = _members.Count == 0 ? "" : _members.ContainsKey(_leader) ? _leader : _members.Keys.First();
        foreach (var (id, member) in _members)
        {
            var answer = new JoinGroupResponse { GenerationId = _generation, MemberId = id, Leader = _leader, ProtocolName = member.Joins!.Protocols[0].Name };
            if (id == _leader)
            {
                foreach (var (other, its) in _members) answer.Members.Add(new JoinGroupResponse.Member { MemberId = other, Metadata = its.Joins!.Protocols[0].Metadata });
            }

            Answers.Add((member.Ticket, answer));
            (member.HeardAt, member.Assignment) = (now, default);
        }

        foreach (var member in _members.Values) member.Joins = null;
    }

    private void Sync(int ticket, SyncGroupRequest sync, long now)
    {
        var code = Heard(sync.MemberId, sync.GenerationId, now);
        if (code != ErrorCode.None)
        {
            Answers.Add((ticket, new SyncGroupResponse { ErrorCode = code }));
            return;
        }

        var member = _members[sync.MemberId];
        (member.Ticket, member.Syncs) = (ticket, sync);
        if (_isCompleting && sync.MemberId == _leader)
        {
            foreach (var one in sync.Assignments) _members[one.MemberId].Assignment = one.Assignment;
            _isCompleting = false;
        }

        if (_isCompleting) return;
        foreach (var waiting in _members.Values.Where(static waiting => waiting.Syncs is not null))
        {
            Answers.Add((waiting.Ticket, new SyncGroupResponse { Assignment = waiting.Assignment }));
            waiting.Syncs = null;
        }
    }

    private void Remove(string id, long now)
    {
        if (_members.Remove(id)) Prepare(now);
    }

    private sealed class Member
    {
        public int Ticket;
        public JoinGroupRequest? Joins;
        public SyncGroupRequest? Syncs;
        public ReadOnlyMemory<byte> Assignment;
        public long HeardAt;
    }
}
