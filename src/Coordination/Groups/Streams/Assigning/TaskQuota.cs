namespace Moldau.Coordination.Groups.Streams.Assigning;

/// <summary>
/// How many tasks a member may keep for everybody to get a fair share. A member that has reached it is out of the count, with
/// what it has: the others share the rest.
/// </summary>
internal sealed class TaskQuota(int tasks, int members)
{
    private int _tasks = tasks;
    private int _members = members;

    public int PerMember { get; private set; } = Share(tasks, members);

    public void Reached(int count)
    {
        if (count != PerMember) return;
        _members--;
        _tasks -= count;
        PerMember = Share(_tasks, _members);
    }

    private static int Share(int tasks, int members) => members == 0 ? 0 : (tasks / members) + (tasks % members > 0 ? 1 : 0);
}
