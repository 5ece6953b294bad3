export class LabElement extends HTMLElement {}
